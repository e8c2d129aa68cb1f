package gen

// Given and family names of languages written in Latin letters, the common
// ones first: a draw prefers the head of a list.

var givenEnglish = []string{
	"James", "Mary", "John", "Robert", "Patricia", "Jennifer", "Michael", "Elizabeth", "William", "David", "Linda", "Sarah", "Thomas", "Susan", "Richard", "Jessica",
	"Joseph", "Karen", "Charles", "Christopher", "Margaret", "Daniel", "Matthew", "Emily", "Anthony", "Emma", "Mark", "Olivia", "Andrew", "Joshua", "Kenneth", "Kevin",
	"Amelia", "George", "Edward", "Rebecca", "Timothy", "Laura", "Jonathan", "Stephen", "Steven", "Helen", "Samuel", "Alexander", "Benjamin", "Katherine", "Catherine", "Nicholas",
	"Victoria", "Rachel", "Hannah", "Gregory", "Frank", "Raymond", "Patrick", "Jack", "Harry", "Oliver", "Charlotte", "Sophie", "Grace", "Chloe", "Megan", "Abigail",
	"Deborah", "Barbara", "Dorothy", "Judith", "Pamela", "Frances", "Douglas", "Peter", "Philip", "Ronald", "Donald", "Gerald", "Walter", "Henry", "Arthur", "Albert",
	"Lucy", "Zoe", "Ethan", "Noah", "Liam", "Mason", "Logan", "Aiden", "Ava", "Mia", "Isla", "Ruby", "Theodore", "Vincent", "Leonard", "Nathaniel",
	"Siobhán", "Aoife", "Niamh", "Ciarán", "Seán", "Eoin", "Rhys", "Gareth", "Angus", "Fiona", "Isobel", "Bronwyn", "Tamsin", "Imogen", "Jasper", "Ezra",
}

var familyEnglish = []string{
	"Smith", "Jones", "Williams", "Brown", "Taylor", "Johnson", "Davies", "Miller", "Wilson", "Evans", "Davis", "Thomas", "Anderson", "Roberts", "Walker", "Wright",
	"Thompson", "White", "Hughes", "Edwards", "Green", "Hall", "Wood", "Harris", "Lewis", "Martin", "Jackson", "Clarke", "Clark", "Turner", "Hill", "Cooper",
	"Scott", "Moore", "Ward", "Morris", "King", "Watson", "Baker", "Harrison", "Morgan", "Patterson", "Young", "Allen", "Mitchell", "James", "Phillips", "Campbell",
	"Parker", "Bennett", "Cook", "Carter", "Collins", "Bailey", "Bell", "Murphy", "Kelly", "O'Brien", "O'Connor", "Ryan", "Byrne", "Walsh", "McCarthy", "Gallagher",
	"Stewart", "MacDonald", "McKenzie", "Murray", "Fraser", "Graham", "Reid", "Ross", "Henderson", "Hamilton", "Griffiths", "Price", "Powell", "Owen", "Pritchard", "Llewellyn",
	"Nelson", "Adams", "Foster", "Russell", "Butler", "Barnes", "Fisher", "Henshaw", "Marlowe", "Whitfield", "Ashworth", "Pemberton", "Hartley", "Holloway", "Stanton", "Lockwood",
	"Carver", "Thornton", "Winslow", "Prescott", "Hawthorne", "Bancroft", "Kingsley", "Radcliffe", "Blackwood", "Fairchild", "Smith-Jones", "Taylor-Reid", "Van Buren", "St. Clair", "Featherstone", "Ó Briain",
}

var givenSpanish = []string{
	"María", "José", "Antonio", "Carmen", "Juan", "Ana", "Manuel", "Laura", "Francisco", "Isabel", "David", "Marta", "Javier", "Cristina", "Daniel", "Lucía",
	"Carlos", "Elena", "Jesús", "Pilar", "Alejandro", "Paula", "Miguel", "Sofía", "Rafael", "Raquel", "Pedro", "Rosa", "Ángel", "Beatriz", "Pablo", "Sara",
	"Sergio", "Valentina", "Fernando", "Camila", "Jorge", "Gabriela", "Luis", "Mónica", "Alberto", "Andrea", "Álvaro", "Natalia", "Adrián", "Julia", "Diego", "Verónica",
	"Raúl", "Inés", "Iván", "Ximena", "Rubén", "Noemí", "Óscar", "Begoña", "Ramón", "Rocío", "Andrés", "Guadalupe", "Joaquín", "Itziar", "Santiago", "Núria",
}

var familySpanish = []string{
	"García", "Rodríguez", "González", "Fernández", "López", "Martínez", "Sánchez", "Pérez", "Gómez", "Martín", "Jiménez", "Hernández", "Ruiz", "Díaz", "Moreno", "Muñoz",
	"Álvarez", "Romero", "Gutiérrez", "Alonso", "Navarro", "Torres", "Domínguez", "Ramos", "Vázquez", "Ramírez", "Gil", "Serrano", "Morales", "Molina", "Blanco", "Suárez",
	"Castro", "Ortega", "Delgado", "Ortiz", "Marín", "Rubio", "Núñez", "Medina", "Sanz", "Castillo", "Iglesias", "Cortés", "Garrido", "Santos", "Guerrero", "Lozano",
	"Cano", "Cruz", "Méndez", "Flores", "Prieto", "Herrera", "Peña", "León", "Márquez", "Cabrera", "Gallego", "Calvo", "Vidal", "Ibáñez", "Etxeberria", "Puig",
}

var givenPortuguese = []string{
	"Maria", "João", "Ana", "José", "Beatriz", "António", "Mariana", "Francisco", "Inês", "Pedro", "Leonor", "Carlos", "Camila", "Lucas", "Juliana", "Gabriel",
	"Fernanda", "Rafael", "Letícia", "Tiago", "Patrícia", "Miguel", "Sofia", "Rodrigo", "Luísa", "Gustavo", "Aline", "Felipe", "Bruna", "Guilherme", "Cláudia", "Vinícius",
	"Conceição", "Luís", "Débora", "Marcelo", "Vitória", "Eduardo", "Simão", "Thaís", "Nuno", "Catarina", "Rui", "Helena", "Gonçalo", "Joana", "Caio", "Renata",
}

var familyPortuguese = []string{
	"Silva", "Santos", "Ferreira", "Pereira", "Oliveira", "Costa", "Rodrigues", "Martins", "Jesus", "Sousa", "Souza", "Fernandes", "Gonçalves", "Gomes", "Lopes", "Marques",
	"Alves", "Almeida", "Ribeiro", "Pinto", "Carvalho", "Teixeira", "Moreira", "Correia", "Mendes", "Nunes", "Soares", "Vieira", "Monteiro", "Cardoso", "Rocha", "Raposo",
	"Neves", "Coelho", "Cruz", "Cunha", "Pires", "Ramos", "Reis", "Simões", "Antunes", "Matos", "Fonseca", "Machado", "Araújo", "Barbosa", "Tavares", "Assunção",
}

var givenFrench = []string{
	"Marie", "Jean", "Pierre", "Nathalie", "Michel", "Isabelle", "Philippe", "Sylvie", "Alain", "Catherine", "Nicolas", "Camille", "Christophe", "Sophie", "Laurent", "Céline",
	"Stéphane", "Aurélie", "Frédéric", "Émilie", "Julien", "Léa", "Sébastien", "Chloé", "David", "Manon", "Olivier", "Hélène", "François", "Françoise", "Éric", "Véronique",
	"Thomas", "Juliette", "Antoine", "Margaux", "Guillaume", "Inès", "Mathieu", "Zoé", "Jérôme", "Agnès", "Benoît", "Élodie", "Rémi", "Solène", "Gaël", "Maëlle",
	"Jean-Luc", "Anne-Sophie", "Jean-Baptiste", "Marie-Claire", "Loïc", "Noémie", "Théo", "Océane", "Hugo", "Clémence", "Étienne", "Bérénice",
}

var familyFrench = []string{
	"Martin", "Bernard", "Dubois", "Thomas", "Robert", "Richard", "Petit", "Durand", "Leroy", "Moreau", "Simon", "Laurent", "Lefebvre", "Michel", "Garcia", "David",
	"Bertrand", "Roux", "Vincent", "Fournier", "Morel", "Girard", "André", "Lefèvre", "Mercier", "Dupont", "Lambert", "Bonnet", "François", "Martinez", "Legrand", "Garnier",
	"Faure", "Rousseau", "Blanc", "Guérin", "Muller", "Henry", "Roussel", "Nicolas", "Perrin", "Morin", "Mathieu", "Clément", "Gauthier", "Dumont", "Lopez", "Fontaine",
	"Chevalier", "Robin", "Masson", "Sanchez", "Gérard", "Nguyen", "Boyer", "Denis", "Lemaire", "Duval", "Joly", "Gautier", "Le Gall", "de La Tour", "Bélanger", "Tremblay",
}

var givenGerman = []string{
	"Peter", "Maria", "Michael", "Ursula", "Thomas", "Monika", "Andreas", "Petra", "Wolfgang", "Sabine", "Klaus", "Renate", "Jürgen", "Karin", "Günter", "Ingrid",
	"Stefan", "Susanne", "Christian", "Birgit", "Uwe", "Martina", "Werner", "Andrea", "Markus", "Stefanie", "Frank", "Claudia", "Matthias", "Nicole", "Jörg", "Anja",
	"Sebastian", "Julia", "Alexander", "Katharina", "Tobias", "Lena", "Florian", "Hannah", "Lukas", "Sophie", "Maximilian", "Leonie", "Jonas", "Käthe", "Björn", "Mia",
	"Hans-Peter", "Anna-Lena", "Karl-Heinz", "Heike", "Dietmar", "Friederike", "Rüdiger", "Bärbel", "Beat", "Reto", "Urs", "Vreni",
}

var familyGerman = []string{
	"Müller", "Schmidt", "Schneider", "Fischer", "Weber", "Meyer", "Wagner", "Becker", "Schulz", "Hoffmann", "Schäfer", "Koch", "Bauer", "Richter", "Klein", "Wolf",
	"Schröder", "Neumann", "Schwarz", "Zimmermann", "Braun", "Krüger", "Hofmann", "Hartmann", "Lange", "Schmitt", "Werner", "Schmitz", "Krause", "Meier", "Lehmann", "Schmid",
	"Schulze", "Maier", "Köhler", "Herrmann", "König", "Walter", "Mayer", "Huber", "Kaiser", "Fuchs", "Peters", "Lang", "Scholz", "Möller", "Weiß", "Jung",
	"Hahn", "Schubert", "Vogel", "Friedrich", "Keller", "Günther", "Frank", "Berger", "Winkler", "Roth", "Beck", "Gruber", "Bühler", "von Arnim", "Hürlimann", "Strauß",
}

var givenItalian = []string{
	"Giuseppe", "Maria", "Antonio", "Anna", "Giovanni", "Francesca", "Mario", "Giulia", "Luigi", "Sara", "Roberto", "Laura", "Francesco", "Chiara", "Andrea", "Elena",
	"Marco", "Valentina", "Alessandro", "Martina", "Paolo", "Federica", "Stefano", "Silvia", "Luca", "Elisa", "Davide", "Paola", "Matteo", "Alessia", "Lorenzo", "Giorgia",
	"Simone", "Sofia", "Riccardo", "Aurora", "Nicolò", "Ilaria", "Gabriele", "Beatrice", "Tommaso", "Noemi", "Filippo", "Margherita", "Edoardo", "Bianca", "Enrico", "Ludovica",
}

var familyItalian = []string{
	"Rossi", "Russo", "Ferrari", "Esposito", "Bianchi", "Romano", "Colombo", "Ricci", "Marino", "Greco", "Bruno", "Gallo", "Conti", "De Luca", "Costa", "Giordano",
	"Mancini", "Rizzo", "Lombardi", "Moretti", "Barbieri", "Fontana", "Santoro", "Mariani", "Rinaldi", "Caruso", "Ferrara", "Galli", "Martini", "Leone", "Longo", "Gentile",
	"Martinelli", "Vitale", "Lombardo", "Serra", "Coppola", "De Santis", "D'Angelo", "Marchetti", "Parisi", "Villa", "Conte", "Ferraro", "Ferri", "Fabbri", "Bianco", "Marini",
	"Grasso", "Valentini", "Messina", "Sala", "De Angelis", "Gatti", "Pellegrini", "Palumbo", "Sanna", "Farina", "Rizzi", "Monti", "Cattaneo", "Morelli", "Amato", "Dell'Acqua",
}

var givenDutch = []string{
	"Johannes", "Maria", "Jan", "Anna", "Cornelis", "Johanna", "Hendrik", "Cornelia", "Pieter", "Elisabeth", "Willem", "Emma", "Daan", "Julia", "Sem", "Sophie",
	"Bram", "Lotte", "Thijs", "Sanne", "Jeroen", "Anouk", "Maarten", "Femke", "Sander", "Marieke", "Ruben", "Fleur", "Joost", "Iris", "Koen", "Noëlle",
}

var familyDutch = []string{
	"de Jong", "Jansen", "de Vries", "van den Berg", "van Dijk", "Bakker", "Janssen", "Visser", "Smit", "Meijer", "de Boer", "Mulder", "de Groot", "Bos", "Vos", "Peters",
	"Hendriks", "van Leeuwen", "Dekker", "Brouwer", "de Wit", "Dijkstra", "Smits", "de Graaf", "van der Meer", "Kok", "Jacobs", "van der Linden", "Vermeulen", "van den Heuvel", "Peeters", "Maes",
}

var givenNordic = []string{
	"Anna", "Lars", "Maria", "Erik", "Karin", "Anders", "Kristina", "Per", "Ingrid", "Mikael", "Eva", "Johan", "Birgitta", "Karl", "Elsa", "Nils",
	"Astrid", "Jens", "Freja", "Søren", "Mette", "Bjørn", "Hanne", "Øyvind", "Solveig", "Håkon", "Åse", "Magnus", "Linnéa", "Henrik", "Kirsten", "Mads",
	"Juhani", "Aino", "Mikko", "Tuula", "Jukka", "Päivi", "Timo", "Sanna", "Väinö", "Helmi", "Göran", "Åsa", "Torbjörn", "Märta", "Rasmus", "Sigrid",
}

var familyNordic = []string{
	"Andersson", "Johansson", "Hansen", "Nielsen", "Jensen", "Karlsson", "Nilsson", "Eriksson", "Larsen", "Pedersen", "Olsen", "Larsson", "Olsson", "Persson", "Svensson", "Gustafsson",
	"Sørensen", "Rasmussen", "Jørgensen", "Kristiansen", "Berg", "Haugen", "Bakken", "Lindberg", "Lindström", "Bergström", "Sjöberg", "Åkesson", "Öberg", "Møller", "Poulsen", "Dahl",
	"Korhonen", "Virtanen", "Mäkinen", "Nieminen", "Mäkelä", "Hämäläinen", "Laine", "Heikkinen", "Koskinen", "Järvinen", "Lehtonen", "Salminen", "Nygård", "Ødegård", "Holm", "Strand",
}

var givenPolish = []string{
	"Anna", "Piotr", "Maria", "Krzysztof", "Katarzyna", "Andrzej", "Małgorzata", "Tomasz", "Agnieszka", "Paweł", "Barbara", "Jan", "Ewa", "Michał", "Krystyna", "Marcin",
	"Elżbieta", "Jakub", "Zofia", "Adam", "Magdalena", "Łukasz", "Joanna", "Mateusz", "Aleksandra", "Grzegorz", "Monika", "Wojciech", "Danuta", "Mariusz", "Natalia", "Żaneta",
}

var familyPolish = []string{
	"Nowak", "Kowalski", "Wiśniewski", "Wójcik", "Kowalczyk", "Kamiński", "Lewandowski", "Zieliński", "Szymański", "Woźniak", "Dąbrowski", "Kozłowski", "Jankowski", "Mazur", "Wojciechowski", "Kwiatkowski",
	"Krawczyk", "Kaczmarek", "Piotrowski", "Grabowski", "Zając", "Pawłowski", "Michalski", "Król", "Wieczorek", "Jabłoński", "Wróbel", "Nowakowski", "Majewski", "Olszewski", "Stępień", "Malinowski",
}

var givenCzech = []string{
	"Jiří", "Jana", "Jan", "Marie", "Petr", "Eva", "Josef", "Hana", "Pavel", "Anna", "Martin", "Lenka", "Tomáš", "Kateřina", "Jaroslav", "Lucie",
	"Zdeněk", "Věra", "Václav", "Alena", "Ondřej", "Petra", "Lukáš", "Veronika", "Matěj", "Tereza", "Štěpán", "Eliška", "Vojtěch", "Zuzana", "Radek", "Božena",
}

var familyCzech = []string{
	"Novák", "Svoboda", "Novotný", "Dvořák", "Černý", "Procházka", "Kučera", "Veselý", "Horák", "Němec", "Marek", "Pokorný", "Pospíšil", "Hájek", "Jelínek", "Král",
	"Růžička", "Beneš", "Fiala", "Sedláček", "Doležal", "Zeman", "Kolář", "Navrátil", "Čermák", "Vaněk", "Urban", "Blažek", "Kříž", "Kovář", "Bartoš", "Šimek",
}

var givenHungarian = []string{
	"László", "Mária", "István", "Erzsébet", "József", "Katalin", "János", "Ilona", "Zoltán", "Éva", "Sándor", "Anna", "Gábor", "Zsuzsanna", "Ferenc", "Margit",
	"Attila", "Judit", "Péter", "Ágnes", "Tamás", "Julianna", "Zsolt", "Andrea", "Tibor", "Ildikó", "András", "Krisztina", "Csaba", "Réka", "Imre", "Eszter",
}

var familyHungarian = []string{
	"Nagy", "Kovács", "Tóth", "Szabó", "Horváth", "Varga", "Kiss", "Molnár", "Németh", "Farkas", "Balogh", "Papp", "Takács", "Juhász", "Lakatos", "Mészáros",
	"Oláh", "Simon", "Rácz", "Fekete", "Szilágyi", "Török", "Fehér", "Balázs", "Gál", "Kis", "Szűcs", "Kocsis", "Pintér", "Fodor", "Orsós", "Vörös",
}

var givenRomanian = []string{
	"Maria", "Ion", "Elena", "Andrei", "Ioana", "Alexandru", "Ana", "Mihai", "Cristina", "Gheorghe", "Mihaela", "Constantin", "Andreea", "Vasile", "Daniela", "Ștefan",
	"Gabriela", "Florin", "Alina", "Nicolae", "Simona", "Adrian", "Raluca", "Bogdan", "Anca", "Cătălin", "Roxana", "Răzvan", "Lăcrămioara", "Dragoș", "Bianca", "Șerban",
}

var familyRomanian = []string{
	"Popa", "Popescu", "Ionescu", "Pop", "Radu", "Dumitru", "Stan", "Stoica", "Gheorghe", "Matei", "Ciobanu", "Ilie", "Rusu", "Marin", "Ionița", "Florea",
	"Munteanu", "Șerban", "Constantin", "Moldovan", "Lazăr", "Dinu", "Țăranu", "Nistor", "Barbu", "Cojocaru", "Ungureanu", "Preda", "Tudor", "Neagu", "Bălan", "Oprea",
}

var givenTurkish = []string{
	"Mehmet", "Fatma", "Mustafa", "Ayşe", "Ahmet", "Emine", "Ali", "Hatice", "Hüseyin", "Zeynep", "Hasan", "Elif", "İbrahim", "Meryem", "Murat", "Şerife",
	"Yusuf", "Merve", "Ömer", "Esra", "Emre", "Gülsüm", "Burak", "Büşra", "Çağlar", "Özlem", "Serkan", "Ebru", "Barış", "Gökçe", "Kerem", "Defne",
}

var familyTurkish = []string{
	"Yılmaz", "Kaya", "Demir", "Çelik", "Şahin", "Yıldız", "Yıldırım", "Öztürk", "Aydın", "Özdemir", "Arslan", "Doğan", "Kılıç", "Aslan", "Çetin", "Kara",
	"Koç", "Kurt", "Özkan", "Şimşek", "Polat", "Korkmaz", "Çakır", "Erdoğan", "Acar", "Güneş", "Aksoy", "Bulut", "Tekin", "Işık", "Güler", "Ünal",
}

var givenVietnamese = []string{
	"Anh", "Thị Hương", "Văn Hùng", "Minh", "Thị Lan", "Đức", "Thu Hà", "Quang Huy", "Ngọc Mai", "Tuấn", "Thanh Thảo", "Hoàng", "Phương", "Văn Nam", "Thị Hoa", "Quốc Bảo",
	"Khánh Linh", "Dũng", "Thị Thúy", "Hải", "Bích Ngọc", "Trung Kiên", "Yến", "Sơn", "Gia Huy", "Hồng Nhung", "Long", "Mỹ Duyên", "Phúc", "Tường Vi", "Đăng Khoa", "Cẩm Tú",
	"Xuân Trường", "Như Quỳnh", "Công Vinh", "Diệu Linh", "Thành Đạt", "Kim Oanh", "Hữu Phước", "Trà My", "Bảo Châu", "Nhật Nam", "Tuyết Mai", "Việt Dũng",
}

var familyVietnamese = []string{
	"Nguyễn", "Trần", "Lê", "Phạm", "Huỳnh", "Hoàng", "Phan", "Vũ", "Võ", "Đặng", "Bùi", "Đỗ", "Hồ", "Ngô", "Dương", "Lý",
	"Đinh", "Trịnh", "Đoàn", "Lương", "Mai", "Tô", "Trương", "Cao", "Hà", "Châu", "Tạ", "Quách", "Thái", "Lâm", "Vương", "Kiều",
}

var givenMalay = []string{
	"Muhammad", "Siti", "Ahmad", "Nur", "Mohd", "Nurul", "Budi", "Dewi", "Agus", "Sri", "Andi", "Putri", "Rizky", "Ayu", "Hendra", "Rina",
	"Faisal", "Aisyah", "Iskandar", "Farah", "Bambang", "Wulan", "Dimas", "Indah", "Azman", "Zainab", "Hafiz", "Fitri", "Eko", "Ratna", "Joko", "Lestari",
	"Nur Aisyah", "Muhammad Faiz", "Siti Hajar", "Ahmad Fauzi", "Taufik", "Melati", "Yusof", "Kartika",
}

var familyMalay = []string{
	"bin Abdullah", "binti Ahmad", "Santoso", "Wijaya", "Hidayat", "Saputra", "bin Ismail", "binti Hassan", "Setiawan", "Kurniawan", "Nugroho", "Susanto", "bin Ibrahim", "Rahman", "Lestari", "Gunawan",
	"Pratama", "Siregar", "Nasution", "Simanjuntak", "bin Osman", "binti Yusof", "Harahap", "Suryadi", "Wibowo", "Hakim", "Halim", "Utami", "Permata", "bin Razak", "Hartono", "Situmorang",
}

var givenFilipino = []string{
	"Maria", "Jose", "Angelica", "Mark", "Jasmine", "John Paul", "Christine", "Rodel", "Princess", "Jomar", "Marites", "Ramon", "Rowena", "Reynaldo", "Jocelyn", "Arnel",
	"Cherry", "Ernesto", "Liza", "Danilo", "Maricel", "Rommel", "Analyn", "Renato", "Lourdes", "Jericho", "Bea", "Alden", "Divina", "Efren", "Imelda", "Kristofer",
}

var familyFilipino = []string{
	"Santos", "Reyes", "Cruz", "Bautista", "Ocampo", "Garcia", "Mendoza", "Torres", "Aquino", "Castillo", "Villanueva", "Ramos", "Dela Cruz", "Gonzales", "Flores", "Pascual",
	"Dimaculangan", "Salazar", "Mercado", "Tolentino", "Manalo", "Panganiban", "Magbanua", "Soriano", "Del Rosario", "Lacson", "Catapang", "Macaraeg", "Agustin", "Abad", "Evangelista", "Dizon",
}

// Hong Kong and Singapore: Cantonese and Hokkien names as on a passport, often
// after an English given name.
var givenHongKong = []string{
	"Ka Ming", "Wai Ling", "Chi Keung", "Mei Yee", "Kin Wah", "Siu Fong", "Tsz Ching", "Wing Yan", "Ho Yin", "Hiu Tung", "Kwok Wai", "Lai Kuen", "Chun Kit", "Sze Wan", "Man Fai", "Yuen Ting",
	"Amy Wing Sum", "Jason Chi Ho", "Karen Ka Yan", "Eric Wai Lun", "Vivian Hoi Ching", "Kelvin Tsz Kin", "Winnie Sau Han", "Raymond Yiu Chung", "Joyce Lok Yi", "Dickson Pak Hei", "Carmen Suet Ying", "Ivan Cheuk Hin",
	"Jacky", "Mandy", "Tommy", "Cherry", "Edmond", "Fanny", "Gilbert", "Yoyo", "Alvin", "Queenie", "Wilson", "Doris", "Kenneth", "Phoebe", "Simon", "Gigi",
}

var familyHongKong = []string{
	"Chan", "Wong", "Lee", "Cheung", "Lau", "Leung", "Ng", "Lam", "Ho", "Cheng", "Chow", "Yip", "Tsang", "Tang", "Kwok", "Yeung",
	"Fung", "Chiu", "Mak", "Hui", "Tam", "Poon", "Chu", "Kwan", "Tse", "Law", "Yuen", "Siu", "Lo", "Wan", "Tan", "Lim",
	"Au", "Kong", "Szeto", "Au-Yeung", "Goh", "Teo", "Ong", "Koh", "Sin", "Pang", "Choi", "Hung", "Tong", "Ip", "Kam", "Suen",
}

// India in Latin letters.
var givenIndian = []string{
	"Rahul", "Priya", "Amit", "Anjali", "Rajesh", "Pooja", "Sanjay", "Neha", "Vijay", "Sunita", "Arjun", "Kavita", "Suresh", "Deepa", "Ravi", "Lakshmi",
	"Vikram", "Meena", "Anil", "Divya", "Rohan", "Shreya", "Karthik", "Aishwarya", "Manoj", "Swati", "Naveen", "Radha", "Aditya", "Ishita", "Harpreet", "Gurpreet",
	"Imran", "Fatima", "Joseph", "Nandini", "Ganesh", "Padma", "Siddharth", "Tanvi", "Venkatesh", "Bhavana", "Prakash", "Usha", "Dinesh", "Jyoti", "Mohan", "Rekha",
}

var familyIndian = []string{
	"Sharma", "Patel", "Singh", "Kumar", "Gupta", "Reddy", "Verma", "Iyer", "Nair", "Khan", "Mehta", "Shah", "Das", "Joshi", "Rao", "Desai",
	"Mukherjee", "Banerjee", "Chatterjee", "Pillai", "Menon", "Agarwal", "Jain", "Bose", "Kapoor", "Malhotra", "Chopra", "Bhat", "Kulkarni", "Patil", "Naidu", "Ghosh",
	"Mishra", "Pandey", "Yadav", "Thakur", "Saxena", "Sinha", "Trivedi", "Fernandes", "D'Souza", "Gill", "Sandhu", "Dhillon", "Krishnan", "Subramanian", "Hegde", "Shetty",
}

// Africa south of the Sahara.
var givenAfrican = []string{
	"Chinedu", "Ngozi", "Thabo", "Nomvula", "Wanjiru", "Kamau", "Oluwaseun", "Folake", "Sipho", "Lerato", "Achieng", "Otieno", "Emeka", "Adaeze", "Bongani", "Zanele",
	"Njoroge", "Wambui", "Tunde", "Yetunde", "Mandla", "Thandiwe", "Kipchoge", "Chebet", "Ifeanyi", "Amaka", "Grace", "Emmanuel", "Blessing", "Samuel", "Faith", "Joseph",
	"Pieter", "Annelie", "Musa", "Aisha", "Kwame", "Abena", "Babajide", "Temitope",
}

var familyAfrican = []string{
	"Okafor", "Adeyemi", "Nkosi", "Dlamini", "Mwangi", "Odhiambo", "Okonkwo", "Balogun", "Ndlovu", "Mokoena", "Kimani", "Ochieng", "Eze", "Olawale", "Khumalo", "Botha",
	"Njuguna", "Mutua", "Nwosu", "Adebayo", "van der Merwe", "Zulu", "Kariuki", "Wekesa", "Chukwu", "Afolabi", "Mahlangu", "Sithole", "Cheruiyot", "Omondi", "Ibrahim", "Abubakar",
	"Naidoo", "Pillay", "Mensah", "Boateng", "Obi", "Nel", "Molefe", "Muthoni",
}
