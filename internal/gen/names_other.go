package gen

// Names in other scripts. Each entry is "as written|as romanised"; the second
// half makes the e-mail address and the romanised spelling of a duplicate.

// Chinese given names are one or two of these characters.
var givenHan = []string{
	"明|Ming", "伟|Wei", "芳|Fang", "丽|Li", "静|Jing", "强|Qiang", "敏|Min", "杰|Jie", "娟|Juan", "涛|Tao", "艳|Yan", "军|Jun", "霞|Xia", "超|Chao", "秀|Xiu", "华|Hua",
	"文|Wen", "子|Zi", "嘉|Jia", "宇|Yu", "欣|Xin", "怡|Yi", "浩|Hao", "雨|Yu", "晨|Chen", "思|Si", "佳|Jia", "志|Zhi", "建|Jian", "国|Guo", "美|Mei", "玲|Ling",
	"俊|Jun", "婷|Ting", "雪|Xue", "梅|Mei", "海|Hai", "云|Yun", "峰|Feng", "宁|Ning", "诗|Shi", "涵|Han", "梓|Zi", "轩|Xuan", "睿|Rui", "博|Bo", "一|Yi", "诺|Nuo",
}

var familyHan = []string{
	"王|Wang", "李|Li", "张|Zhang", "刘|Liu", "陈|Chen", "杨|Yang", "黄|Huang", "赵|Zhao", "周|Zhou", "吴|Wu", "徐|Xu", "孙|Sun", "马|Ma", "朱|Zhu", "胡|Hu", "郭|Guo",
	"何|He", "林|Lin", "高|Gao", "罗|Luo", "郑|Zheng", "梁|Liang", "谢|Xie", "宋|Song", "唐|Tang", "许|Xu", "韩|Han", "冯|Feng", "邓|Deng", "曹|Cao", "彭|Peng", "曾|Zeng",
	"肖|Xiao", "田|Tian", "董|Dong", "袁|Yuan", "潘|Pan", "于|Yu", "蒋|Jiang", "蔡|Cai", "余|Yu", "杜|Du", "叶|Ye", "程|Cheng", "欧阳|Ouyang", "司马|Sima", "诸葛|Zhuge", "上官|Shangguan",
}

// The same in traditional characters, romanised as in Hong Kong and Taiwan.
var givenHant = []string{
	"家|Ka", "明|Ming", "偉|Wai", "玲|Ling", "志|Chi", "強|Keung", "美|Mei", "儀|Yee", "建|Kin", "華|Wah", "詠|Wing", "欣|Yan", "浩|Ho", "然|Yin", "曉|Hiu", "彤|Tung",
	"國|Kwok", "麗|Lai", "俊|Chun", "傑|Kit", "思|Sze", "雲|Wan", "文|Man", "輝|Fai", "婉|Yuen", "婷|Ting", "嘉|Ka", "慧|Wai", "子|Tsz", "晴|Ching", "雅|Nga", "樂|Lok",
	"淑|Shu", "芬|Fen", "怡|Yi", "君|Chun", "承|Shing", "恩|Yan", "宗|Tsung", "翰|Han", "佩|Pei", "珊|Shan", "銘|Ming", "德|Tak",
}

var familyHant = []string{
	"陳|Chan", "黃|Wong", "李|Lee", "張|Cheung", "劉|Lau", "梁|Leung", "吳|Ng", "林|Lam", "何|Ho", "鄭|Cheng", "周|Chow", "葉|Yip", "曾|Tsang", "鄧|Tang", "郭|Kwok", "楊|Yeung",
	"馮|Fung", "趙|Chiu", "麥|Mak", "許|Hui", "譚|Tam", "潘|Poon", "朱|Chu", "關|Kwan", "謝|Tse", "羅|Law", "袁|Yuen", "蕭|Siu", "盧|Lo", "蔡|Tsai", "王|Wang", "歐陽|Au-Yeung",
}

var givenJapanese = []string{
	"太郎|Taro", "花子|Hanako", "翔|Sho", "陽菜|Hina", "健太|Kenta", "美咲|Misaki", "大輔|Daisuke", "さくら|Sakura", "拓也|Takuya", "結衣|Yui", "蓮|Ren", "葵|Aoi", "誠|Makoto", "恵子|Keiko", "浩|Hiroshi", "由美子|Yumiko",
	"直樹|Naoki", "真由美|Mayumi", "悠斗|Yuto", "愛|Ai", "健一|Kenichi", "智子|Tomoko", "達也|Tatsuya", "久美子|Kumiko", "亮|Ryo", "ひかり|Hikari", "隼人|Hayato", "めぐみ|Megumi", "陽翔|Haruto", "凛|Rin", "翔太|Shota", "七海|Nanami",
	"和也|Kazuya", "裕子|Yuko", "タカシ|Takashi", "マリ|Mari", "哲也|Tetsuya", "明美|Akemi", "慎一|Shinichi", "あゆみ|Ayumi", "雄大|Yudai", "千尋|Chihiro", "純|Jun", "楓|Kaede", "剛|Tsuyoshi", "麻衣|Mai", "修|Osamu", "エミ|Emi",
}

var familyJapanese = []string{
	"佐藤|Sato", "鈴木|Suzuki", "高橋|Takahashi", "田中|Tanaka", "伊藤|Ito", "渡辺|Watanabe", "山本|Yamamoto", "中村|Nakamura", "小林|Kobayashi", "加藤|Kato", "吉田|Yoshida", "山田|Yamada", "佐々木|Sasaki", "山口|Yamaguchi", "松本|Matsumoto", "井上|Inoue",
	"木村|Kimura", "林|Hayashi", "斎藤|Saito", "清水|Shimizu", "山崎|Yamazaki", "森|Mori", "池田|Ikeda", "橋本|Hashimoto", "阿部|Abe", "石川|Ishikawa", "山下|Yamashita", "中島|Nakajima", "石井|Ishii", "小川|Ogawa", "前田|Maeda", "岡田|Okada",
	"長谷川|Hasegawa", "藤田|Fujita", "後藤|Goto", "近藤|Kondo", "村上|Murakami", "遠藤|Endo", "青木|Aoki", "坂本|Sakamoto", "福田|Fukuda", "西村|Nishimura", "太田|Ota", "三浦|Miura", "藤井|Fujii", "岡本|Okamoto", "髙木|Takagi", "渡邊|Watanabe",
}

// Korean given names are two of these syllables.
var givenKorean = []string{
	"지|Ji", "민|Min", "서|Seo", "현|Hyun", "수|Su", "영|Young", "준|Jun", "은|Eun", "우|Woo", "연|Yeon", "진|Jin", "희|Hee", "성|Sung", "미|Mi", "호|Ho", "정|Jung",
	"재|Jae", "경|Kyung", "윤|Yoon", "하|Ha", "동|Dong", "선|Sun", "상|Sang", "유|Yu", "태|Tae", "나|Na", "승|Seung", "혜|Hye", "도|Do", "아|Ah", "기|Ki", "주|Joo",
}

var familyKorean = []string{
	"김|Kim", "이|Lee", "박|Park", "최|Choi", "정|Jung", "강|Kang", "조|Cho", "윤|Yoon", "장|Jang", "임|Lim", "한|Han", "오|Oh", "서|Seo", "신|Shin", "권|Kwon", "황|Hwang",
	"안|Ahn", "송|Song", "류|Ryu", "전|Jeon", "홍|Hong", "고|Ko", "문|Moon", "양|Yang", "손|Son", "배|Bae", "백|Baek", "허|Heo", "남궁|Namgung", "선우|Sunwoo",
}

var givenRussian = []string{
	"Александр|Alexander", "Елена|Elena", "Сергей|Sergey", "Ольга|Olga", "Дмитрий|Dmitry", "Наталья|Natalya", "Андрей|Andrey", "Татьяна|Tatyana", "Алексей|Alexey", "Ирина|Irina", "Максим|Maxim", "Анна|Anna", "Владимир|Vladimir", "Светлана|Svetlana", "Иван|Ivan", "Мария|Maria",
	"Евгений|Evgeny", "Екатерина|Ekaterina", "Михаил|Mikhail", "Юлия|Yulia", "Николай|Nikolay", "Анастасия|Anastasia", "Павел|Pavel", "Людмила|Lyudmila", "Артём|Artyom", "Дарья|Darya", "Игорь|Igor", "Галина|Galina", "Роман|Roman", "Ксения|Ksenia", "Юрий|Yury", "Вера|Vera",
	"Олег|Oleg", "Марина|Marina", "Денис|Denis", "Полина|Polina", "Кирилл|Kirill", "Оксана|Oksana", "Фёдор|Fyodor", "Алина|Alina",
}

var familyRussian = []string{
	"Иванов|Ivanov", "Смирнов|Smirnov", "Кузнецов|Kuznetsov", "Попов|Popov", "Васильев|Vasilyev", "Петров|Petrov", "Соколов|Sokolov", "Михайлов|Mikhaylov", "Новиков|Novikov", "Фёдоров|Fyodorov", "Морозов|Morozov", "Волков|Volkov", "Алексеев|Alekseyev", "Лебедев|Lebedev", "Семёнов|Semyonov", "Егоров|Egorov",
	"Павлов|Pavlov", "Козлов|Kozlov", "Степанов|Stepanov", "Николаев|Nikolaev", "Орлов|Orlov", "Андреев|Andreev", "Макаров|Makarov", "Никитин|Nikitin", "Захаров|Zakharov", "Зайцев|Zaytsev", "Соловьёв|Solovyov", "Борисов|Borisov", "Яковлев|Yakovlev", "Григорьев|Grigoryev", "Воробьёв|Vorobyov", "Щукин|Shchukin",
}

var givenUkrainian = []string{
	"Олександр|Oleksandr", "Наталія|Nataliia", "Андрій|Andrii", "Оксана|Oksana", "Сергій|Serhii", "Ірина|Iryna", "Володимир|Volodymyr", "Тетяна|Tetiana", "Дмитро|Dmytro", "Юлія|Yuliia", "Іван|Ivan", "Олена|Olena", "Михайло|Mykhailo", "Катерина|Kateryna", "Тарас|Taras", "Соломія|Solomiia",
	"Богдан|Bohdan", "Людмила|Liudmyla", "Ярослав|Yaroslav", "Марія|Mariia", "Василь|Vasyl", "Ганна|Hanna", "Максим|Maksym", "Злата|Zlata",
}

var familyUkrainian = []string{
	"Мельник|Melnyk", "Шевченко|Shevchenko", "Коваленко|Kovalenko", "Бондаренко|Bondarenko", "Бойко|Boiko", "Ткаченко|Tkachenko", "Кравченко|Kravchenko", "Ковальчук|Kovalchuk", "Коваль|Koval", "Олійник|Oliinyk", "Шевчук|Shevchuk", "Поліщук|Polishchuk", "Ткачук|Tkachuk", "Савченко|Savchenko", "Бондар|Bondar", "Марченко|Marchenko",
	"Руденко|Rudenko", "Мороз|Moroz", "Лисенко|Lysenko", "Петренко|Petrenko", "Клименко|Klymenko", "Павленко|Pavlenko", "Гаврилюк|Havryliuk", "Їжакевич|Yizhakevych",
}

var givenGreek = []string{
	"Γεώργιος|Georgios", "Μαρία|Maria", "Δημήτρης|Dimitris", "Ελένη|Eleni", "Κωνσταντίνος|Konstantinos", "Κατερίνα|Katerina", "Ιωάννης|Ioannis", "Βασιλική|Vasiliki", "Νικόλαος|Nikolaos", "Σοφία|Sofia", "Παναγιώτης|Panagiotis", "Αγγελική|Angeliki", "Χρήστος|Christos", "Γεωργία|Georgia", "Βασίλης|Vasilis", "Δήμητρα|Dimitra",
	"Αθανάσιος|Athanasios", "Ιωάννα|Ioanna", "Σπύρος|Spyros", "Ευαγγελία|Evangelia", "Αλέξανδρος|Alexandros", "Χριστίνα|Christina", "Θεόδωρος|Theodoros", "Άννα|Anna",
}

var familyGreek = []string{
	"Παπαδόπουλος|Papadopoulos", "Γεωργίου|Georgiou", "Παπαδάκης|Papadakis", "Βασιλείου|Vasileiou", "Νικολάου|Nikolaou", "Παππάς|Pappas", "Ιωάννου|Ioannou", "Αγγελόπουλος|Angelopoulos", "Καραγιάννης|Karagiannis", "Δημητρίου|Dimitriou", "Χριστοδούλου|Christodoulou", "Οικονόμου|Oikonomou", "Αθανασίου|Athanasiou", "Μακρής|Makris", "Σταματόπουλος|Stamatopoulos", "Αντωνίου|Antoniou",
	"Αλεξίου|Alexiou", "Κωνσταντινίδης|Konstantinidis", "Παπαγεωργίου|Papageorgiou", "Ζαχαρίου|Zachariou", "Θεοδώρου|Theodorou", "Μιχαηλίδης|Michailidis", "Καλογεράς|Kalogeras", "Λάμπρου|Lamprou",
}

var givenArabic = []string{
	"محمد|Mohammed", "فاطمة|Fatima", "أحمد|Ahmed", "عائشة|Aisha", "علي|Ali", "مريم|Maryam", "عمر|Omar", "نورة|Noura", "خالد|Khalid", "سارة|Sara", "يوسف|Youssef", "هدى|Huda", "إبراهيم|Ibrahim", "زينب|Zainab", "عبدالله|Abdullah", "ليلى|Layla",
	"حسن|Hassan", "ريم|Reem", "مصطفى|Mustafa", "سلمى|Salma", "طارق|Tariq", "دينا|Dina", "سعيد|Saeed", "منى|Mona", "كريم|Karim", "رانيا|Rania", "فهد|Fahad", "هبة|Heba", "ماجد|Majid", "أمل|Amal", "زياد|Ziad", "ياسمين|Yasmin",
}

var familyArabic = []string{
	"الأحمد|Al-Ahmad", "حسن|Hassan", "علي|Ali", "إبراهيم|Ibrahim", "المنصوري|Al Mansoori", "الشمري|Al-Shammari", "العتيبي|Al-Otaibi", "القحطاني|Al-Qahtani", "محمود|Mahmoud", "السيد|El-Sayed", "الحربي|Al-Harbi", "الغامدي|Al-Ghamdi", "خليل|Khalil", "حداد|Haddad", "نصر|Nasr", "سالم|Salem",
	"بن علي|Ben Ali", "العلوي|Alaoui", "الفاسي|El Fassi", "بنعلي|Benali", "المهيري|Al Muhairi", "الكعبي|Al Kaabi", "فاروق|Farouk", "يوسف|Youssef", "عثمان|Othman", "الزهراني|Al-Zahrani", "الدوسري|Al-Dosari", "منصور|Mansour", "شريف|Sherif", "البكري|El Bakri", "راشد|Rashid", "صالح|Saleh",
}

var givenThai = []string{
	"สมชาย|Somchai", "สมหญิง|Somying", "ประเสริฐ|Prasert", "วันเพ็ญ|Wanpen", "สุชาติ|Suchart", "มาลี|Malee", "วิชัย|Wichai", "สุนีย์|Sunee", "ธนพล|Thanaphon", "พิมพ์ชนก|Pimchanok", "ณัฐวุฒิ|Nattawut", "กนกวรรณ|Kanokwan", "อนุชา|Anucha", "ศิริพร|Siriporn", "กิตติ|Kitti", "นภัสสร|Napatsorn",
	"ชัยวัฒน์|Chaiwat", "รัตนา|Rattana", "ปิยะ|Piya", "จันทร์เพ็ญ|Chanpen", "ภูมิ|Phum", "อรทัย|Orathai", "เอกชัย|Ekkachai", "ชลธิชา|Chonthicha", "สุรชัย|Surachai", "ปวีณา|Paweena", "มนัส|Manat", "ดวงใจ|Duangjai",
}

var familyThai = []string{
	"ใจดี|Jaidee", "สุขใจ|Sukjai", "แสงทอง|Saengthong", "ทองดี|Thongdee", "บุญมา|Boonma", "ศรีสุข|Srisuk", "วงศ์ไทย|Wongthai", "พรหมมา|Phromma", "จันทร์แก้ว|Chankaew", "รัตนพันธ์|Rattanaphan", "สายทอง|Saithong", "แก้วมณี|Kaewmanee", "อินทร์แก้ว|Inkaew", "คำแก้ว|Khamkaew", "ชัยมงคล|Chaimongkol", "พงษ์พันธ์|Phongphan",
	"มีสุข|Meesuk", "เจริญสุข|Charoensuk", "ดวงแก้ว|Duangkaew", "ศรีวิไล|Sriwilai", "ทวีสุข|Thaweesuk", "บัวทอง|Buathong", "นาคสุข|Naksuk", "ปัญญาดี|Panyadee",
}

var givenHindi = []string{
	"राहुल|Rahul", "प्रिया|Priya", "अमित|Amit", "अंजलि|Anjali", "राजेश|Rajesh", "पूजा|Pooja", "संजय|Sanjay", "नेहा|Neha", "विजय|Vijay", "सुनीता|Sunita", "अर्जुन|Arjun", "कविता|Kavita", "सुरेश|Suresh", "दीपा|Deepa", "रवि|Ravi", "लक्ष्मी|Lakshmi",
	"विक्रम|Vikram", "मीना|Meena", "अनिल|Anil", "दिव्या|Divya", "मनोज|Manoj", "स्वाति|Swati", "गणेश|Ganesh", "राधा|Radha", "मोहन|Mohan", "ज्योति|Jyoti", "प्रकाश|Prakash", "रेखा|Rekha",
}

var familyHindi = []string{
	"शर्मा|Sharma", "पटेल|Patel", "सिंह|Singh", "कुमार|Kumar", "गुप्ता|Gupta", "वर्मा|Verma", "मिश्रा|Mishra", "यादव|Yadav", "जोशी|Joshi", "पांडे|Pandey", "मेहता|Mehta", "अग्रवाल|Agarwal", "चौहान|Chauhan", "त्रिवेदी|Trivedi", "ठाकुर|Thakur", "सक्सेना|Saxena",
	"दास|Das", "जैन|Jain", "सिन्हा|Sinha", "राय|Rai", "देसाई|Desai", "कुलकर्णी|Kulkarni", "पाटिल|Patil", "तिवारी|Tiwari",
}
