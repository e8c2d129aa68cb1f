package gen

// Streets, most used first; "#" stands for the house number. A comma in one
// makes the cell need its quotes.

var streetsEnglish = []string{
	"# High Street", "# Station Road", "# Church Lane", "# Main Street", "# Victoria Road", "# Park Avenue", "# King Street", "# Queen Street", "# Mill Lane", "# The Crescent",
	"# George Street", "# Manor Road", "Unit 4, # Albert Street", "# Green Lane", "# Kingsway", "Flat 2, # Grange Road", "# Elm Grove", "Level 8, # Collins Street", "# Bridge Street", "# Harbour View",
}

var streetsAmerica = []string{
	"# Main St", "# Oak Ave", "# Maple St", "# 2nd Ave", "# Cedar Ln", "# Pine St", "# Elm St", "# Washington Blvd", "# Lake Dr", "# Hill Rd",
	"# 5th Ave, Suite 300", "# Sunset Blvd", "# Lincoln Way", "# Park Pl, Apt 4B", "# River Rd", "# Walnut St", "# Broadway, Floor 12", "# Jefferson Ave", "# Spring St", "# Mission St",
}

var streetsHongKong = []string{
	"# Nathan Road", "# Queen's Road Central", "# King's Road", "Flat B, 12/F, # Hennessy Road", "# Des Voeux Road West", "# Canton Road", "# Castle Peak Road", "Room 803, # Prince Edward Road", "# Johnston Road", "# Electric Road",
	"彌敦道#號", "# Tai Po Road", "英皇道#號", "軒尼詩道#號12樓B室", "# Shanghai Street", "荃灣青山公路#號",
}

var streetsChina = []string{
	"中山路#号", "人民路#号", "解放路#号", "# Nanjing Road", "建设路#号", "# Renmin Road", "和平路#号3楼", "北京路#号", "# Zhongshan Road", "文化路#号", "新华街#号", "Room 1502, # Huaihai Road", "長安街#號", "民生路#號5樓",
}

var streetsSingapore = []string{
	"# Orchard Road", "Blk # Ang Mo Kio Avenue 3", "# Robinson Road", "Blk # Bedok North Street 1", "# Shenton Way", "Blk # Tampines Street 81, #05-12", "# Beach Road", "# Cecil Street", "Blk # Jurong West Street 52", "# Serangoon Road",
}

var streetsJapan = []string{
	"銀座#丁目2-1", "西新宿#-8-1", "#-3-5 Marunouchi", "本町#-4-2", "六本木#-10-6", "#-2-1 Honcho", "中央#-7-3", "栄町#-5-12", "#-14-3 Minami", "大手町#-1-1", "駅前通り#-6", "桜丘#-9-4",
}

var streetsKorea = []string{"테헤란로 #", "강남대로 #", "# Teheran-ro", "세종대로 #", "중앙로 #", "# Sejong-daero", "해운대로 #", "올림픽로 #", "# Gangnam-daero"}

var streetsThailand = []string{"# Sukhumvit Road", "# ถนนสุขุมวิท", "# Silom Road", "# ถนนพระราม 4", "# Phahonyothin Road", "# ถนนรัชดาภิเษก", "# Sathorn Road", "# Nimman Road"}

var streetsVietnam = []string{"# Lê Lợi", "# Nguyễn Huệ", "# Trần Hưng Đạo", "# Hai Bà Trưng, Quận 1", "# Lý Thường Kiệt", "# Điện Biên Phủ", "# Phan Chu Trinh", "# Cách Mạng Tháng Tám"}

var streetsMalay = []string{"# Jalan Merdeka", "Jalan Sudirman No. #", "# Jalan Ampang", "Jl. Diponegoro #", "# Jalan Bukit Bintang", "Jl. Gatot Subroto Kav. #", "# Jalan Tun Razak", "Jalan Raya #", "# Lorong Cempaka"}

var streetsIndia = []string{"# M.G. Road", "# Park Street", "#, 2nd Floor, Nehru Place", "# Station Road", "# Linking Road, Bandra", "# Gandhi Nagar", "# Anna Salai", "# Brigade Road", "#/3 Civil Lines", "# Sector 18"}

var streetsSpain = []string{"Calle Mayor #", "Calle Real #", "Avenida de la Constitución #", "Plaza de España #", "Calle del Sol #, 3º B", "Paseo de Gracia #", "Av. Libertad #", "Calle San José #", "Calle 5 de Mayo #", "Gran Vía #"}

var streetsPortugal = []string{"Rua da Paz #", "Rua das Flores #", "Avenida da Liberdade #", "Rua São João #", "Rua 25 de Abril #, 2º Esq.", "Travessa do Carmo #", "Av. Paulista #", "Rua XV de Novembro #"}

var streetsFrance = []string{"# rue de la République", "# rue Victor Hugo", "# avenue de la Gare", "# place de l'Église", "# rue des Écoles", "# boulevard Pasteur", "# bis rue du Moulin", "# chemin des Vignes", "# rue Neuve", "# allée des Tilleuls"}

var streetsDutch = []string{"Kerkstraat #", "Schoolstraat #", "Dorpsstraat #", "Molenweg #", "Stationsweg #", "Prinsengracht #", "Julianalaan #", "Nieuwstraat #"}

var streetsGerman = []string{"Hauptstraße #", "Bahnhofstrasse #", "Schulstraße #", "Gartenstraße #", "Dorfstrasse #", "Bergstraße #", "Lindenallee #", "Kirchgasse #", "Am Mühlbach #", "Goethestr. #", "Königsplatz #", "Waldweg #"}

var streetsItaly = []string{"Via Roma #", "Via Garibaldi #", "Via Dante #", "Corso Italia #", "Via Mazzini #", "Piazza del Popolo #", "Via Verdi #", "Viale della Libertà #", "Via XX Settembre #"}

var streetsNordic = []string{"Storgatan #", "Kirkegata #", "Skolgatan #", "Vestergade #", "Kungsgatan #", "Nørregade #", "Mannerheimintie #", "Järnvägsgatan #", "Åsveien #", "Søndergade #"}

var streetsPolish = []string{"ul. Polna #", "ul. Leśna #", "ul. Słoneczna #", "Hlavní #", "ul. Ogrodowa #/4", "Nádražní #", "ul. Długa #", "Žižkova #", "al. Jana Pawła II #"}

var streetsHungary = []string{"Petőfi Sándor utca #.", "Kossuth Lajos utca #.", "Rákóczi út #.", "Dózsa György út #.", "Fő utca #."}

var streetsRomania = []string{"Str. Mihai Eminescu #", "Bd. Unirii #", "Str. Libertății #", "Calea Victoriei #", "Str. Ștefan cel Mare #"}

var streetsGreece = []string{"Ερμού #", "# Ermou Street", "Πανεπιστημίου #", "Αγίου Δημητρίου #", "Βασιλίσσης Σοφίας #", "# Egnatia Street"}

var streetsTurkey = []string{"Atatürk Caddesi No: #", "İstiklal Cad. #", "Cumhuriyet Bulvarı #", "Gül Sokak #", "Bağdat Caddesi #, Daire 5"}

var streetsRussia = []string{"ул. Ленина, д. #", "ул. Пушкина, #", "# Sadovaya Street", "проспект Мира, #", "вул. Шевченка, #", "ул. Гагарина #", "# Lesnaya Street"}

var streetsGulf = []string{"# Sheikh Zayed Road", "Office #, Al Maktoum Street", "# King Fahd Road", "شارع الملك فهد #", "# Corniche Road", "شارع النيل #", "# Al Wasl Road", "شارع التحرير #"}
