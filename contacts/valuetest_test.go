package contacts_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/extcontacts/extcontacts/contacts"
)

// referenceData opens a file of the reference data, which is not part of the repository; without it the test is skipped.
func referenceData(t *testing.T, name string) *os.File {
	t.Helper()
	dir := os.Getenv("EXTCONTACTS_DATA")
	if dir == "" {
		dir = filepath.Join("..", "..", "shared", "data")
	}
	f, err := os.Open(filepath.Join(dir, filepath.FromSlash(name)))
	if err != nil {
		t.Skip("reference data is not here; set EXTCONTACTS_DATA")
	}
	t.Cleanup(func() { f.Close() })
	return f
}

// codeOf returns the code of a value error, "" for nil. Any other error fails the test.
func codeOf(t testing.TB, err error) string {
	t.Helper()
	if err == nil {
		return ""
	}
	var v *contacts.ValueError
	if !errors.As(err, &v) || !errors.Is(err, contacts.ErrInvalid) {
		t.Fatalf("%v is no *ValueError that is ErrInvalid", err)
	}
	if v.Code == "" || v.Hint == "" || strings.Trim(v.Code, "abcdefghijklmnopqrstuvwxyz_0123456789") != "" {
		t.Fatalf("bad code or hint: %+v", v)
	}
	return v.Code
}

// noTextIn fails when the error repeats the text. A short text can stand in a hint by chance.
func noTextIn(t testing.TB, err error, text string) {
	t.Helper()
	if text = strings.TrimSpace(text); len(text) >= 12 && strings.Contains(err.Error(), text) {
		t.Fatalf("the error repeats the text: %v", err)
	}
}

func TestValueError(t *testing.T) {
	_, err := contacts.ParsePhone("12 Privet Drive")
	if !errors.Is(err, contacts.ErrInvalid) {
		t.Errorf("%v is not ErrInvalid", err)
	}
	if got, want := (&contacts.ValueError{Code: "some_code"}).Error(), "contacts: some_code"; got != want {
		t.Errorf("Error() = %q, want %q", got, want)
	}
	var v, w *contacts.ValueError
	_, again := contacts.ParsePhone("12 Privet Drive")
	if !errors.As(err, &v) || !errors.As(again, &w) || v == w {
		t.Error("two refusals share one error; whoever changes one changes the other")
	}
}

func TestZeroValues(t *testing.T) {
	var (
		phone    contacts.Phone
		email    contacts.Email
		country  contacts.Country
		language contacts.Language
		date     contacts.Date
	)
	for name, zero := range map[string]bool{
		"phone": phone.IsZero(), "email": email.IsZero(), "country": country.IsZero(), "language": language.IsZero(), "date": date.IsZero(),
	} {
		if !zero {
			t.Errorf("the zero %s is not zero", name)
		}
	}
	all := phone.String() + phone.Raw() + email.String() + email.Key() + email.Local() + email.Domain() + country.String() + country.Alpha3() +
		country.Name() + language.String() + language.Name() + date.String()
	if all != "" {
		t.Errorf("zero values have text: %q", all)
	}
}

// TestText checks that every value reads its text back, and that no text is the zero value.
func TestText(t *testing.T) {
	type text interface {
		MarshalText() ([]byte, error)
		UnmarshalText([]byte) error
		String() string
		IsZero() bool
	}
	phone, email := contacts.MustParsePhone("+852 1234 5678"), contacts.MustParseEmail("Ann@Example.com")
	country, language, date := contacts.MustParseCountry("Hong Kong"), contacts.MustParseLanguage("zh"), contacts.MustParseDate("--02-29")
	for _, v := range []text{&phone, &email, &country, &language, &date} {
		before := v.String()
		b, err := v.MarshalText()
		if err != nil || string(b) != before {
			t.Errorf("MarshalText of %T: %q, %v", v, b, err)
		}
		if err := v.UnmarshalText([]byte("?")); err == nil {
			t.Errorf("%T takes nonsense", v)
		}
		if v.String() != before {
			t.Errorf("a refused text changed %T", v)
		}
		if err := v.UnmarshalText(b); err != nil || v.String() != before {
			t.Errorf("UnmarshalText of %T: %v, %q", v, err, v)
		}
		if err := v.UnmarshalText(nil); err != nil || !v.IsZero() {
			t.Errorf("empty text: %v, %q", err, v)
		}
	}
}

// TestAllocations: cells in their usual form cost nothing.
func TestAllocations(t *testing.T) {
	for name, parse := range map[string]func(){
		"phone":        func() { contacts.ParsePhone("+85212345678") },
		"email":        func() { contacts.ParseEmail("ann.lee@example.com") },
		"alpha-2":      func() { contacts.ParseCountry("HK") },
		"alpha-3":      func() { contacts.ParseCountry("HKG") },
		"country name": func() { contacts.ParseCountry("Korea, Republic of") },
		"language":     func() { contacts.ParseLanguage("en") },
		"date":         func() { contacts.DateMDY.Parse("12/14/1990") },
		"ISO date":     func() { contacts.ParseDate("1990-12-14") },
	} {
		if n := testing.AllocsPerRun(100, parse); n != 0 {
			t.Errorf("%s: %v allocations", name, n)
		}
	}
}
