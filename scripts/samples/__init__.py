"""The makers of the sample material: plan, MRZ builder, drawing, degradations, captures, files."""
