package search

import (
	"slices"
	"strings"
	"sync"
)

// Nicknames returns the folded other forms of a folded given name, sorted, not
// the name itself: robert for bob, and bob, bobby, rob and so on for robert.
// It is what free words find too with [Options.Nicknames].
//
// The table was put together for this library from the short forms in
// everyday use in English, Spanish, German and Russian; it lists what a name
// commonly stands for and claims no completeness.
func Nicknames(name string) []string { return slices.Clone(nicknames()[name]) }

// nicknameGroups are names that are used for each other: the full form first.
// Short forms stand for the full form and the other short ones of a group.
const nicknameGroups = `
abigail abby abbie gail
albert al bert bertie
alexander alex alec sandy xander sasha aleksandr
alexandra alex sandra sasha alexa
alfred al fred alf alfie
alice ali ally
alison ali ally
amanda mandy
andrew andy drew andrej andrei
angela angie
ann anne anna annie nan
anthony antony tony
antonio tony toni tono
arthur art artie
barbara barb babs barbie
benjamin ben benny benji
beatrice bea trixie
bernard bernie
bradley brad
caroline carol carrie caro
carolina caro carol
catherine katherine kathryn cathy kathy kate katie kat kitty cate
charles charlie chuck chas
charlotte lottie charlie
christina christine chris tina chrissy
christopher chris kit topher
clifford cliff
cynthia cindy
daniel dan danny
david dave davey
deborah debra deb debbie
dennis denny
dmitri dima mitya
donald don donny
dorothy dot dottie dolly
edward ed eddie ted teddy ned
eleanor ellie nell nora
elizabeth elisabeth liz lizzie beth betty eliza elsie lisa libby bess
emily em emmy
eugene gene
evgeny zhenya
florence flo florrie
frances fran frannie
francis frank fran
francisco paco pancho kiko
franklin frank
frederick fred freddy
gabriel gabe
gabriela gabriella gaby gabby
george georgie
gerald gerry jerry
gregory greg
guillermo memo guille
harold harry hal
helen helena nell lena
henry harry hank
ignacio nacho
ivan vanya
isabella isabel bella izzy isa
jacob jake jakob
jacqueline jackie
james jim jimmy jamie
janet jan
jeffrey geoffrey jeff geoff
jennifer jen jenny
jeremy jerry
jessica jess jessie
joan joanie
johannes hans hannes
john johnny jack jon
jonathan jon jonny nathan
jose pepe
joseph joe joey
josephine jo josie
joshua josh
judith judy
julia julie
katharina kathi kaethe
kenneth ken kenny
kimberly kim
lawrence laurence larry laurie
leonard leo len lenny
leonardo leo
louis lou louie
louise lou
lucia lucy
luis lucho
manuel manny manolo
margaret maggie meg peg peggy marge margie greta rita
maria mary mia masha
martha marty
martin marty
mary molly polly mamie
matthew matt matty
maximilian max
melissa mel missy
michael mike mick mickey misha mikhail
mikhail misha
natalia natasha natalie
nathaniel nathan nate nat
nicholas nick nicky nicolas niko
nikolai kolya
olga olya
olivia liv livvy
pamela pam
patricia pat patty tricia trish
patrick pat paddy
peter pete
philip phillip phil
rachel rae
raymond ray
rebecca becky becca
richard rick dick rich ricky
robert bob bobby rob robbie bert
rodney rod
roland rolly
ronald ron ronnie
rosario charo
rosemary rose rosie
russell russ
samantha sam sammy
samuel sam sammy
sebastian seb basti
sergei seryozha
sophia sofia sophie
stephen steven steve stevie
stephanie steph
susan susannah sue susie suzy
svetlana sveta
tatiana tanya
terence terry
teresa theresa terry tess
theodore ted teddy theo
thomas tom tommy
timothy tim timmy
ulrich uli
valerie val
victor vic
victoria vicky tori
vincent vince vinny
virginia ginny
vladimir volodya vova
walter walt wally
william will bill billy liam willy
wolfgang wolf
yekaterina katya
yuri yura
zachary zach zack
`

var nicknames = sync.OnceValue(func() map[string][]string {
	forms := map[string][]string{}
	for line := range strings.Lines(nicknameGroups) {
		group := strings.Fields(line)
		for _, a := range group {
			for _, b := range group {
				if a != b && !slices.Contains(forms[a], b) {
					forms[a] = append(forms[a], b)
				}
			}
		}
	}
	for _, list := range forms {
		slices.Sort(list)
	}
	return forms
})
