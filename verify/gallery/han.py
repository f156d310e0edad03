"""Readings of Chinese characters as data: pinyin without tones, in capitals.

The 3,755 characters of the first level of GB 2312-80 are in the order of their pinyin, so the first character of each
syllable tells all the readings. A character with several readings has the one the standard sorts it by. The second
table has what names need beyond that: traditional forms of those characters, and given and family names of the second
level.
"""

from __future__ import annotations

from bisect import bisect_right
from functools import cache

__all__ = ["pinyin"]

_SYLLABLES = """
A啊 AI埃 AN鞍 ANG肮 AO凹 BA芭 BAI白 BAN斑 BANG邦 BAO苞 BEI杯 BEN奔 BENG崩 BI逼 BIAN鞭 BIAO标 BIE鳖 BIN彬 BING兵 BO玻
BU捕 CA擦 CAI猜 CAN餐 CANG苍 CAO操 CE厕 CENG层 CHA插 CHAI拆 CHAN搀 CHANG昌 CHAO超 CHE车 CHEN郴 CHENG撑 CHI吃 CHONG充
CHOU抽 CHU初 CHUAI揣 CHUAN川 CHUANG疮 CHUI吹 CHUN春 CHUO戳 CI疵 CONG聪 COU凑 CU粗 CUAN蹿 CUI摧 CUN村 CUO磋 DA搭
DAI呆 DAN耽 DANG当 DAO刀 DE德 DENG蹬 DI堤 DIAN颠 DIAO碉 DIE跌 DING丁 DIU丢 DONG东 DOU兜 DU督 DUAN端 DUI堆 DUN墩
DUO掇 E蛾 EN恩 ER而 FA发 FAN藩 FANG坊 FEI菲 FEN芬 FENG丰 FO佛 FOU否 FU夫 GA噶 GAI该 GAN干 GANG冈 GAO篙 GE哥 GEI给
GEN根 GENG耕 GONG工 GOU钩 GU辜 GUA刮 GUAI乖 GUAN棺 GUANG光 GUI瑰 GUN辊 GUO锅 HA哈 HAI骸 HAN酣 HANG夯 HAO壕 HE呵
HEI嘿 HEN痕 HENG哼 HONG轰 HOU喉 HU呼 HUA花 HUAI槐 HUAN欢 HUANG荒 HUI灰 HUN荤 HUO豁 JI击 JIA嘉 JIAN歼 JIANG僵 JIAO蕉
JIE揭 JIN巾 JING荆 JIONG炯 JIU揪 JU鞠 JUAN捐 JUE撅 JUN均 KA喀 KAI开 KAN刊 KANG康 KAO考 KE坷 KEN肯 KENG坑 KONG空
KOU抠 KU枯 KUA夸 KUAI块 KUAN宽 KUANG匡 KUI亏 KUN坤 KUO括 LA垃 LAI莱 LAN蓝 LANG琅 LAO捞 LE勒 LEI雷 LENG棱 LI厘 LIA俩
LIAN联 LIANG粮 LIAO撩 LIE列 LIN琳 LING玲 LIU溜 LONG龙 LOU楼 LU芦 LUAN峦 LUE掠 LUN抡 LUO萝 MA妈 MAI埋 MAN瞒 MANG芒
MAO猫 ME么 MEI玫 MEN门 MENG萌 MI眯 MIAN棉 MIAO苗 MIE蔑 MIN民 MING明 MIU谬 MO摸 MOU谋 MU拇 NA拿 NAI氖 NAN南 NANG囊
NAO挠 NE呢 NEI馁 NEN嫩 NENG能 NI妮 NIAN蔫 NIANG娘 NIAO鸟 NIE捏 NIN您 NING柠 NIU牛 NONG脓 NU奴 NUAN暖 NUE虐 NUO挪 O哦
OU欧 PA啪 PAI拍 PAN攀 PANG乓 PAO抛 PEI呸 PEN喷 PENG砰 PI坯 PIAN篇 PIAO飘 PIE撇 PIN拼 PING乒 PO坡 PU扑 QI期 QIA掐
QIAN牵 QIANG枪 QIAO橇 QIE切 QIN钦 QING青 QIONG琼 QIU秋 QU趋 QUAN圈 QUE缺 QUN裙 RAN然 RANG瓤 RAO饶 RE惹 REN壬 RENG扔
RI日 RONG戎 ROU揉 RU茹 RUAN软 RUI蕊 RUN闰 RUO若 SA撒 SAI腮 SAN三 SANG桑 SAO搔 SE瑟 SEN森 SENG僧 SHA莎 SHAI筛 SHAN珊
SHANG墒 SHAO梢 SHE奢 SHEN砷 SHENG声 SHI师 SHOU收 SHU蔬 SHUA刷 SHUAI摔 SHUAN栓 SHUANG霜 SHUI谁 SHUN吮 SHUO说 SI斯
SONG松 SOU搜 SU苏 SUAN酸 SUI虽 SUN孙 SUO蓑 TA塌 TAI胎 TAN坍 TANG汤 TAO掏 TE特 TENG藤 TI梯 TIAN天 TIAO挑 TIE贴 TING厅
TONG通 TOU偷 TU凸 TUAN湍 TUI推 TUN吞 TUO拖 WA挖 WAI歪 WAN豌 WANG汪 WEI威 WEN瘟 WENG嗡 WO挝 WU巫 XI昔 XIA瞎 XIAN掀
XIANG相 XIAO萧 XIE楔 XIN薪 XING星 XIONG兄 XIU休 XU墟 XUAN轩 XUE靴 XUN勋 YA压 YAN焉 YANG殃 YAO邀 YE椰 YI一 YIN茵
YING英 YO哟 YONG拥 YOU幽 YU迂 YUAN鸳 YUE曰 YUN耘 ZA匝 ZAI栽 ZAN咱 ZANG赃 ZAO遭 ZE责 ZEI贼 ZEN怎 ZENG增 ZHA扎 ZHAI摘
ZHAN瞻 ZHANG樟 ZHAO招 ZHE遮 ZHEN珍 ZHENG蒸 ZHI芝 ZHONG中 ZHOU舟 ZHU珠 ZHUA抓 ZHUAI拽 ZHUAN专 ZHUANG桩 ZHUI椎 ZHUN谆
ZHUO捉 ZI兹 ZONG鬃 ZOU邹 ZU租 ZUAN钻 ZUI嘴 ZUN尊 ZUO昨
"""
_BEYOND = """
AI愛捱皚礙藹 ANG骯 AO奧襖 BA壩罷 BAI擺敗襬 BAN絆辦闆頒 BANG幫綁謗鎊 BAO剝報寶飽鮑 BEI備孛憊狽盃蓓貝輩鋇 BEN賁贲
BENG繃 BI幣斃畢筆閉闢 BIAN編變貶辮辯邊 BIAO標錶 BIE別彆癟鱉 BIN濱瀕賓 BING並併餅 BO撥缽鉑駁 BU佈蔔補 CAI採綵纔財
CAN參慘慚殘燦璨粲蠶 CANG倉滄艙蒼 CE側冊廁測 CEN岑 CENG層 CHA詫 CHAN剷婵嬋摻攙產纏蟬讒鏟闡顫饞
CHANG償嘗嚐場嫦廠昶暢腸長 CHAO晁鈔 CHE徹車 CHEN塵琛襯諶谌陳 CHENG懲撐晟稱誠騁 CHI喫恥熾癡遲馳齒 CHONG寵沖蟲衝
CHOU疇籌綢躊醜 CHU儲廚櫥礎處褚觸鋤雛齣 CHUAN傳釧钏 CHUANG創瘡闖 CHUI錘鎚 CHUN純脣 CHUO綽 CI詞賜辭
CONG叢囪從琮聰苁蓯蔥驄骢 COU湊 CUAN爨竄 CUO錯 DA妲笪達 DAI岱帶貸黛 DAN亶單彈憚擔澹膽誕 DANG噹擋檔當盪蕩黨
DAO導島搗盜禱 DENG燈鄧 DI娣敵棣滌碲締遞邸 DIAN墊澱電顛點 DIAO弔彫調釣 DIE疊諜 DING訂釘錠頂 DIU丟 DONG凍動東棟鼕
DOU鬥 DU犢獨讀賭鍍 DUAN斷緞鍛 DUI兌對隊 DUN噸惇鈍頓 DUO墮奪鐸铎 E惡訛額餓鵝 ER佴兒爾貳餌 FA琺發罰閥髮
FAN氾汎煩礬範販釩飯 FANG紡訪 FEI廢誹費霏飛 FEN墳奮憤糞紛 FENG楓沣灃瘋縫諷豐酆鋒風馮鳳 FO彿
FU婦復撫縛膚茯複訃負賦輔輻馥 GA尕 GAI蓋該鈣 GAN幹桿榦稈贛趕 GANG剛岡崗槓綱鋼 GAO郜鎬 GE個擱箇鉻閣鴿 GEI給
GONG宮貢鞏龔 GOU夠構溝緱缑購鉤 GU僱穀蠱顧鵠鹄 GUA掛颳 GUAI枴 GUAN慣莞觀貫關館 GUANG廣 GUI劊晷櫃歸規詭貴軌閨龜
GUN滾輥 GUO呙咼國過鍋 HAI駭 HAN晗漢瀚菡闞阚韓 HANG珩 HAO昊灏灝皓號顥颢 HE賀閡閤鶴 HENG恆橫 HONG泓紅轟鬨鴻 HOU後
HU壺戶滬護鬍 HUA劃嘩桦樺畫華話譁驊骅 HUAI壞懷 HUAN喚嬛換歡渙煥環瘓緩還郇 HUANG篁謊黃
HUI匯彙揮晖暉會毀燬燴珲琿穢繪蕙袆褘誨諱賄輝迴 HUN渾葷 HUO夥獲禍穫藿貨
JI劑嵇幾擊擠暨極機濟玑璣稷積紀級緝績繼薊計記譏跡蹟輯際雞霁霽飢饑驥骥 JIA傢價夾珈莢賈郏郟鉀頰駕
JIAN儉劍堅姦揀撿檢檻殲減漸澗濺犍監箋簡緘繭艦艱菅薦見賤踐鍵鑑鑒間餞鹼 JIANG將槳漿獎蔣薑講醬
JIAO僥嬌攪澆矯絞繳腳膠蛟較轎鉸餃驕 JIE傑婕屆潔節結誡階頡颉 JIN僅儘勁晉燼瑾盡緊覲觐謹進錦
JING婧徑淨璟痙競經荊莖菁鏡靜頸驚鯨 JIONG炅 JIU廄糾舊 JU侷劇懼據舉鉅鋸駒 JUAN捲絹隽雋鵑 JUE決絕覺訣 JUN珺軍鈞駿
KAI凱恺愷鍇锴開 KAN戡 KE剋殼珂課軻轲顆 KEN墾懇 KOU釦 KU庫褲 KUA誇 KUAI儈塊蒯 KUAN寬 KUANG曠況礦邝鄺 KUI夔潰窺虧隗
KUN崑琨睏綑錕锟髡鯤鲲 KUO擴闊 LA臘蠟 LAI來涞淶萊賚賴赉 LAN懶攔攬欄濫瀾爛籃纜藍蘭覽闌 LAO勞撈 LE樂 LEI壘淚鐳類 LENG稜
LI俪儷勵厲慄曆歷瀝礫禮籬藜裡郦酈醴釐隸離鯉麗 LIA倆 LIAN憐戀斂漣煉簾練聯臉蓮連鍊鏈鐮 LIANG兩樑涼糧諒輛 LIAO療遼 LIE獵
LIN凜臨蔺藺賃鄰鱗 LING嶺泠翎苓鈴靈領齡 LIU劉餾 LONG嚨壟攏籠聾隴龍 LOU婁摟樓簍
LU侶呂屢廬慮擄滷濾爐璐盧祿綠縷蘆虜賂逯鋁錄陸顱驢魯鹵 LUAN亂孿巒攣栾欒灤鸞鸾 LUN侖倫崙掄淪綸論輪
LUO籮絡羅蘿邏鑼雒駱騾 MA嗎媽瑪碼罵螞馬 MAI脈買賣邁麥 MAN滿瞞蠻饅 MAO茆貓貿鉚錨 ME麼 MEI沒鎂黴 MEN們悶門 MENG夢濛矇錳
MI冪彌瀰祕覓謎 MIAN綿緬麵 MIAO廟 MIE滅 MIN憫旻閔閩闵 MING銘鳴 MIU謬 MOU繆缪謀 MU沐畝 NA吶納鈉 NAI鼐 NAN難
NAO惱撓腦鬧 NEI內餒 NI擬膩 NIAN唸攆 NIANG孃釀 NIAO鳥 NIE聶鎳鑷齧 NING寧擰檸濘獰 NIU紐鈕 NONG侬儂濃膿農 NUAN瘧 NUO諾
OU嘔歐毆鷗 PAN泮盤 PANG逄龐 PAO拋 PEI賠 PEN噴 PENG芃鵬 PIAN騙 PIAO飄 PIN貧頻 PING娉憑蘋評 PO潑珀頗 PU僕撲樸溥濮譜鋪
QI亓俟啟悽慼棄棲氣淇淒玘琦琪祺綦耆臍訖豈錡锜頎颀騎騏骐麒齊 QIAN倩塹淺潛牽簽籤芊茜蒨謙譴遷鉗鉛錢韆騫骞
QIANG嗆強搶槍牆薔 QIAO僑喬橋竅翹譙谯鍬 QIE竊 QIN寢欽芩親 QING傾慶氫請輕頃 QIONG瓊窮 QIU裘鞦 QU區瞿趨軀驅麴齲
QUAN勸權荃 QUE卻確闕阙鵲 RAN苒 RANG讓 RAO擾繞饒 RE熱 REN紉認韌 RONG嵘嶸榮絨鎔镕 RUAN軟 RUI睿芮蕤銳 RUN潤閏 SA灑薩
SAI賽鰓 SAN傘 SANG喪 SAO掃騷 SE澀 SHA剎殺紗 SHAI曬篩 SHAN刪繕贍閃陝 SHANG傷賞 SHAO燒紹 SHE佘厍厙懾捨攝畲設賒
SHEN嬸審滲瀋燊紳腎莘 SHENG勝昇笙繩聖聲陞 SHI勢實屍師時溼濕獅莳蒔蝕蝨視試詩識適釋飾駛 SHOU壽獸
SHU姝屬數書朮樞樹術豎贖輸 SHUAI帥 SHUANG雙 SHUI稅誰 SHUN順 SHUO爍碩說鑠铄 SI絲飼 SONG慫聳訟誦頌鬆 SOU擻蒐
SU囌愫甦肅蘇訴 SUAN痠 SUI歲眭睢綏隨雖 SUN孫損筍隼 SUO瑣簑縮鎖 TA撻獺 TAI態檯臺薹邰颱 TAN嘆壇攤歎灘癱罈談譚貪郯
TANG湯燙瑭醣 TAO濤絛討韜韬 TENG滕謄騰 TI屜悌緹缇銻題體 TIAO條 TIE貼鐵 TING婷廳聽 TONG仝佟統銅 TOU頭 TU圖塗禿
TUAN團糰 TUI蛻頹 TUO橢脫託馱駝鴕 WA窪襪 WAN彎灣琬菀萬輓頑 WANG網 WEI偉偽圍嵬濰炜為煒玮瑋維緯葦葳薇衛謂違韋韙韪餵
WEN問溫穩紋聞雯 WENG甕 WO撾渦窩臥蝸 WU務吳嗚塢汙烏無蕪誣誤邬鄔鎢霧 XI係僖戲熹犧細繫習蓆襲郗銑錫 XIA俠嚇峽廈狹蝦轄
XIAN冼娴嫺憲獻現絃線縣縴纖羨賢銜閑閒險顯餡鮮鹹 XIANG嚮廂詳鄉鑲響項 XIAO嘯囂曉潇瀟筱蕭銷驍骁
XIE協寫挾撷擷攜洩瀉脅蠍諧謝 XIN昕釁鋅鑫馨 XING倖興 XIONG兇洶 XIU繡脩鏽 XU勖卹噓敘盱緒續胥虛許須頊顼鬚
XUAN懸暄烜瑄璇癬絢萱軒選 XUE學 XUN勛勳尋洵浔潯燻荀訊訓詢遜馴 YA亞啞壓娅婭訝鴉鴨
YAN厭嚥嚴妍嫣巖彥晏焱煙琰硯艷菸諺豔鄢閆閻闫顏驗鹽 YANG揚旸暘楊樣瘍癢陽颺飏養鴦 YAO堯搖瑤窯藥謠遙 YE晔曄業烨燁爺葉頁
YI儀億弈怡憶漪異祎禕繹義羿翊苡薏藝蟻詣誼譯議貽贻遺醫頤 YIN胤蔭諲鄞銀陰隱飲
YING嬰應楹櫻滢瀅熒營瑛瑩穎纓蓥螢蠅贏郢鎣鷹 YO喲 YONG傭擁湧詠踴 YOU優憂猶莠誘遊郵鈾
YU娛嶼彧慾於漁煜獄瑜癒禦籲聿與語譽輿鈺钰預餘馭鬱魚 YUAN員園圓媛沅淵瑗緣貟贠轅遠願鳶鴛鸢 YUE嶽悅玥粵約躍鉞鑰钺閱
YUN勻暈筠芸蘊贇赟運鄖醞隕雲韻 ZA雜 ZAI災載 ZAN暫瓒瓚讚贊 ZANG臟臧贓髒 ZAO棗譟鑿 ZE則擇澤責賾赜 ZEI賊 ZENG贈
ZHA柵紮詐軋閘 ZHAI債齋 ZHAN佔嶄戰斬棧氈盞綻輾霑 ZHANG仉帳張漲璋脹賬 ZHAO趙釗钊 ZHE摺轍這
ZHEN偵桢楨祯禎禛縝缜蓁診貞針鎮陣 ZHENG峥崢幀徵掙爭猙癥睜証證鄭錚铮 ZHI執幟摯擲滯紙緻織職芷製誌質隻 ZHONG眾種終腫鍾鐘
ZHOU晝皺軸週驟 ZHU囑燭矚硃竺築註誅諸豬貯鑄駐 ZHUAN專磚賺轉顓颛 ZHUANG壯妝樁狀莊裝 ZHUI墜綴贅錐 ZHUN準諄 ZHUO濁禚
ZI梓漬秭茲訾諮資 ZONG綜縱總蹤 ZOU鄒 ZU組詛 ZUAN鑽
"""


def pinyin(character: str) -> str:
    """The reading of a character; empty when it is in neither table."""
    found = _beyond().get(character)
    if found is not None:
        return found
    try:
        code = character.encode("gb2312")
    except UnicodeEncodeError:
        return ""
    codes, syllables = _first_level()
    return syllables[bisect_right(codes, code) - 1] if codes[0] <= code <= b"\xd7\xf9" else ""


@cache
def _first_level() -> tuple[list[bytes], list[str]]:
    """The code of the first character of each syllable, and the syllable."""
    pairs = _SYLLABLES.split()
    return [pair[-1].encode("gb2312") for pair in pairs], [pair[:-1] for pair in pairs]


@cache
def _beyond() -> dict[str, str]:
    found = {}
    for group in _BEYOND.split():
        reading = "".join(letter for letter in group if letter.isascii())
        found.update(dict.fromkeys(group[len(reading) :], reading))
    return found
