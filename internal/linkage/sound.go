package linkage

// sound is a rough code of how a name sounds: the first letter and the
// consonants after it, with those that are taken for each other made one.
func sound(dst []byte, s string) []byte {
	start := len(dst)
	for i := 0; i < len(s); i++ {
		c := s[i]
		next := byte(0)
		if i+1 < len(s) {
			next = s[i+1]
		}
		switch c {
		case 'a', 'e', 'i', 'o', 'u', 'y':
			if i > 0 {
				continue
			}
			c = 'a'
		case 'h', 'w':
			if i > 0 {
				continue
			}
		case 'p':
			if next == 'h' {
				c = 'f'
			}
		case 'v':
			c = 'f'
		case 'c':
			if next == 'e' || next == 'i' || next == 'y' || next == 'h' {
				c = 's'
			} else {
				c = 'k'
			}
		case 'q':
			c = 'k'
		case 'g', 'j':
			if next == 'h' && i > 0 {
				continue
			}
			c = 'j'
		case 'x', 'z':
			c = 's'
		case 'd':
			c = 't'
		case 'm':
			c = 'n'
		case 'b':
			c = 'p'
		}
		if len(dst) > start && dst[len(dst)-1] == c {
			continue
		}
		dst = append(dst, c)
		if len(dst)-start == 5 {
			break
		}
	}
	return dst
}
