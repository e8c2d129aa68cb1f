package gen

// Companies are put together from two lists, so that no real one is meant;
// titles, teams, labels and groups are the usual ones, the common first.

var companyStems = []string{
	"Blue Harbour", "Northwind", "Silverline", "Evergreen", "Brightwater", "Summit", "Golden Gate", "Pacific Rim", "Redwood", "Clearview", "Lumen", "Orchid", "Ironbridge", "Kestrel", "Mosaic", "Nimbus",
	"Oakfield", "Pinnacle", "Quartz", "Riverstone", "Sapphire", "Tidewater", "Umbra", "Vantage", "Willow", "Zenith", "Amber", "Beacon", "Cobalt", "Driftwood", "Ember", "Falcon",
	"Granite", "Horizon", "Indigo", "Jade", "Keystone", "Lantern", "Meridian", "Nova", "Onyx", "Polaris", "Quill", "Rowan", "Sterling", "Terra", "Unity", "Verdant",
	"Wren", "Aurora", "Birch", "Cedar", "Delta", "Elm", "Fjord", "Glacier", "Heron", "Isle", "Juniper", "Kite", "Lotus", "Maple", "Nettle", "Opal",
	"Peregrine", "Rosewood", "Starling", "Thistle", "Ursa", "Violet", "Westbrook", "Yarrow", "Alder", "Bluebell", "Crescent", "Dovetail",
}

var companyFields = []string{
	"Trading", "Logistics", "Software", "Consulting", "Foods", "Textiles", "Electronics", "Medical", "Travel", "Media", "Capital", "Energy", "Design", "Education", "Insurance", "Properties",
	"Systems", "Motors", "Pharma", "Shipping", "Engineering", "Retail", "Telecom", "Robotics", "Analytics", "Hotels", "Plastics", "Studios", "Labs", "Partners", "Optics", "Paper",
	"& Sons", "Holdings", "Sports", "Beauty", "Toys", "Furniture", "Packaging", "Aviation",
}

// Endings by country; an empty one is a company called by its bare name.
var (
	legalLimited   = []string{"Ltd.", "", "Limited", "Co., Ltd.", "Group"}
	legalUK        = []string{"Ltd", "", "Limited", "plc", "LLP"}
	legalInc       = []string{"Inc.", "", "LLC", "Corp.", "& Co.", ", Inc."}
	legalCorp      = []string{"Corp.", "Inc.", "", "Enterprises"}
	legalPty       = []string{"Pty Ltd", "", "Group"}
	legalSingapore = []string{"Pte. Ltd.", "Pte Ltd", "", "Asia Pte Ltd"}
	legalMalay     = []string{"Sdn. Bhd.", "Sdn Bhd", "Berhad", ""}
	legalIndonesia = []string{"Tbk", "", "Indonesia", "Nusantara"}
	legalIndia     = []string{"Pvt. Ltd.", "Private Limited", "", "India Ltd"}
	legalVietnam   = []string{"Vietnam", "JSC", "Co., Ltd", ""}
	legalJapan     = []string{"K.K.", "Co., Ltd.", "", "株式会社"}
	legalSpain     = []string{"S.A.", "S.L.", "", "S.A. de C.V."}
	legalBrazil    = []string{"Ltda.", "S.A.", "", "do Brasil"}
	legalPortugal  = []string{"Lda.", "S.A.", ""}
	legalFrance    = []string{"SARL", "SA", "SAS", ""}
	legalBenelux   = []string{"B.V.", "N.V.", "", "BV"}
	legalGerman    = []string{"GmbH", "AG", "GmbH & Co. KG", "", "e.K."}
	legalSwiss     = []string{"AG", "SA", "GmbH", "Sàrl", ""}
	legalItaly     = []string{"S.r.l.", "S.p.A.", "", "& Figli"}
	legalNordic    = []string{"AB", "AS", "A/S", "Oy", ""}
	legalPoland    = []string{"Sp. z o.o.", "S.A.", ""}
	legalCzech     = []string{"s.r.o.", "a.s.", ""}
	legalHungary   = []string{"Kft.", "Zrt.", ""}
	legalRomania   = []string{"S.R.L.", "S.A.", ""}
	legalTurkey    = []string{"A.Ş.", "Ltd. Şti.", ""}
	legalGulf      = []string{"LLC", "FZE", "Trading LLC", ""}
)

// Companies written in the script of their people.
var (
	companiesHans     = []string{"星辉", "蓝海", "长城", "东方", "华信", "金桥", "瑞丰", "天和", "新元", "云帆", "中恒", "博远", "鼎盛", "福源", "广达", "宏图"}
	companiesHant     = []string{"星輝", "藍海", "寶聯", "東方", "匯通", "金橋", "瑞豐", "天和", "恆利", "雲帆", "駿業", "博遠", "鼎盛", "福源", "廣達", "宏圖"}
	companiesJapanese = []string{"さくら", "東洋", "富士見", "日の出", "若葉", "青空", "大和田", "北斗", "つばさ", "みなと", "松風", "銀河"}
	companiesKorean   = []string{"한빛", "새롬", "대양", "푸른", "미래", "동방", "은하", "누리", "가온", "다온"}
	companiesRussian  = []string{"Северный ветер", "Аврора", "Горизонт", "Меридиан", "Полюс", "Восток", "Берег", "Прогресс", "Луч", "Орион"}
	endingsHans       = []string{"科技有限公司", "贸易有限公司", "集团", "物流有限公司", "电子有限公司", "咨询"}
	endingsHant       = []string{"有限公司", "貿易有限公司", "集團", "科技有限公司", "實業有限公司", "國際"}
	endingsJapanese   = []string{"株式会社", "商事株式会社", "工業株式会社", "電機", "サービス株式会社"}
	endingsKorean     = []string{"주식회사", "전자", "물산", "산업", "테크"}
)

var jobTitles = []string{
	"Manager", "Director", "Sales Manager", "Engineer", "Consultant", "Owner", "Account Manager", "Marketing Manager", "CEO", "Assistant", "Software Engineer", "Project Manager", "Analyst", "Accountant", "Buyer", "Designer",
	"Operations Manager", "Sales Executive", "HR Manager", "Teacher", "General Manager", "Nurse", "Product Manager", "CFO", "Office Manager", "Customer Service", "Purchasing Officer", "IT Manager", "Senior Engineer", "Founder", "Partner", "Lawyer",
	"Head of Marketing, Asia Division", "CTO", "Business Development Manager", "Data Analyst", "Logistics Coordinator", "Receptionist", "Vice President, Sales", "Supervisor", "Researcher", "Doctor", "Secretary", "Finance Director", "Regional Manager, EMEA", "Quality Inspector", "Editor", "Chef",
	"Director, HR and Administration", "Store Manager", "Technician", "Architect", "Trainer", "Legal Counsel", "Event Planner", "Photographer", "Driver", "Translator", "Managing Director", "Chief of Staff", "VP, Engineering", "Interim Manager (Nights)",
}

// titlesWithComma are those a shifted row is made from.
var titlesWithComma = []string{"Head of Marketing, Asia Division", "Director, HR and Administration", "Vice President, Sales", "Regional Manager, EMEA", "VP, Engineering"}

var teams = []string{"Sales", "Marketing", "Support", "Finance", "IT", "Operations", "HR", "Procurement", "Asia Division", "Logistics", "R&D", "Legal", "Customer Success", "Quality", "Administration", "Engineering"}

var groups = []string{"Retail", "Corporate", "Partner", "Wholesale", "Newsletter 2024", "Supplier", "Press", "Alumni", "Trade fair", "Government"}

var labels = []string{"VIP", "Newsletter", "Hot lead", "Partner", "Do not call", "Renewal", "Event 2025", "Reseller", "Key account", "Trial", "Complaint", "Referral", "Late payer", "Beta", "Press", "常客"}

var types = []string{"Customer", "Lead", "Prospect", "Others"}

var levels = []string{"Primary", "Primary", "Secondary", "Tertiary"}

// Mail providers and the ends of company domains: all reserved by RFC 2606.
var (
	freemail       = []string{"mail.example", "post.example", "inbox.example.com", "webmail.example.net", "freemail.example.org", "letter.example", "mx.example.com"}
	companyDomains = []string{".example", ".example", ".example.com", ".example.net", ".example.org"}
)

// nicknames are pairs of a given name and what friends call it.
var nicknames = [][2]string{
	{"Robert", "Bob"}, {"William", "Bill"}, {"Richard", "Dick"}, {"Elizabeth", "Liz"}, {"James", "Jim"}, {"John", "Jack"}, {"Michael", "Mike"}, {"Jennifer", "Jen"}, {"Patricia", "Pat"}, {"Thomas", "Tom"},
	{"Joseph", "Joe"}, {"Charles", "Charlie"}, {"Christopher", "Chris"}, {"Margaret", "Peggy"}, {"Daniel", "Dan"}, {"Matthew", "Matt"}, {"Anthony", "Tony"}, {"Andrew", "Andy"}, {"Joshua", "Josh"}, {"Kenneth", "Ken"},
	{"Edward", "Ted"}, {"Rebecca", "Becky"}, {"Timothy", "Tim"}, {"Jonathan", "Jon"}, {"Stephen", "Steve"}, {"Steven", "Steve"}, {"Samuel", "Sam"}, {"Alexander", "Alex"}, {"Benjamin", "Ben"}, {"Katherine", "Kate"},
	{"Catherine", "Cathy"}, {"Nicholas", "Nick"}, {"Victoria", "Vicky"}, {"Gregory", "Greg"}, {"Raymond", "Ray"}, {"Patrick", "Paddy"}, {"Deborah", "Debbie"}, {"Barbara", "Barb"}, {"Dorothy", "Dot"}, {"Judith", "Judy"},
	{"Pamela", "Pam"}, {"Frances", "Fran"}, {"Douglas", "Doug"}, {"Ronald", "Ron"}, {"Donald", "Don"}, {"Walter", "Walt"}, {"Henry", "Harry"}, {"Arthur", "Art"}, {"Albert", "Bert"}, {"Theodore", "Theo"},
	{"Vincent", "Vince"}, {"Leonard", "Len"}, {"Nathaniel", "Nate"}, {"Abigail", "Abby"}, {"Susan", "Sue"}, {"David", "Dave"}, {"Jessica", "Jess"}, {"Francisco", "Paco"}, {"José", "Pepe"}, {"Manuel", "Manolo"},
	{"Jesús", "Chus"}, {"Isabel", "Isa"}, {"Guadalupe", "Lupe"}, {"Ignacio", "Nacho"}, {"Dolores", "Lola"}, {"Giuseppe", "Beppe"}, {"Francesco", "Franco"}, {"Alessandro", "Sandro"}, {"Giovanni", "Gianni"}, {"Luigi", "Gigi"},
	{"Johannes", "Hans"}, {"Cornelis", "Kees"}, {"Wolfgang", "Wolf"}, {"Sebastian", "Basti"}, {"Katharina", "Kathi"}, {"Maximilian", "Max"}, {"Alexandra", "Sascha"}, {"Małgorzata", "Gosia"}, {"Katarzyna", "Kasia"}, {"Krzysztof", "Krzysiek"},
	{"Александр", "Саша"}, {"Дмитрий", "Дима"}, {"Екатерина", "Катя"}, {"Мария", "Маша"}, {"Владимир", "Вова"}, {"Алексей", "Лёша"}, {"Анастасия", "Настя"}, {"Sergio", "Checo"}, {"Eduardo", "Edu"}, {"Rajesh", "Raj"},
}
