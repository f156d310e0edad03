/* Preloaded into the process under test: lets the N-th write below one folder fail with EIO, and turns the wall clock
 * after the N-th one. Counts write, pwrite, ftruncate, fsync and fdatasync. Not for more than one thread. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static char folder[4096];
static long fail_at, turn_at, seconds, seen;

void meddle_arm(const char *below, long fail, long turn, long by)
{
    snprintf(folder, sizeof folder, "%s/", below);
    fail_at = fail, turn_at = turn, seconds = by, seen = 0;
}

long meddle_seen(void) { return seen; }

static int fails(int descriptor)
{
    char link[64], path[4096];
    if (!folder[0])
        return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length < 0)
        return 0;
    path[length] = 0;
    if (strncmp(path, folder, strlen(folder)))
        return 0;
    if (++seen != fail_at)
        return 0;
    errno = EIO;
    return 1;
}

#define NEXT(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

ssize_t write(int d, const void *data, size_t n) { return fails(d) ? -1 : NEXT(write)(d, data, n); }
ssize_t pwrite(int d, const void *data, size_t n, off_t at) { return fails(d) ? -1 : NEXT(pwrite)(d, data, n, at); }
ssize_t pwrite64(int d, const void *data, size_t n, off64_t at) { return fails(d) ? -1 : NEXT(pwrite64)(d, data, n, at); }
int ftruncate(int d, off_t n) { return fails(d) ? -1 : NEXT(ftruncate)(d, n); }
int ftruncate64(int d, off64_t n) { return fails(d) ? -1 : NEXT(ftruncate64)(d, n); }
int fsync(int d) { return fails(d) ? -1 : NEXT(fsync)(d); }
int fdatasync(int d) { return fails(d) ? -1 : NEXT(fdatasync)(d); }

int clock_gettime(clockid_t which, struct timespec *now)
{
    int result = NEXT(clock_gettime)(which, now);
    if (result == 0 && which == CLOCK_REALTIME && turn_at && seen >= turn_at)
        now->tv_sec += seconds;
    return result;
}
