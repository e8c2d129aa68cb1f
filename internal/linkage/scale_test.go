package linkage

import (
	"compress/gzip"
	"encoding/csv"
	"os"
	"testing"
)

func BenchmarkScale(b *testing.B) {
	f, err := os.Open("../../../shared/data/contacts-synth/contacts_100k_dev.csv.gz")
	if err != nil {
		b.Skip(err)
	}
	z, _ := gzip.NewReader(f)
	rows, err := csv.NewReader(z).ReadAll()
	if err != nil {
		b.Fatal(err)
	}
	kinds := map[string]Kind{"full_name": KindName, "first_name": KindGiven, "last_name": KindFamily, "email": KindEmail, "email2": KindEmail, "phone": KindPhone, "phone2": KindPhone, "company": KindCompany, "title": KindTitle, "street": KindStreet, "city": KindCity, "postcode": KindPostcode, "birthday": KindDate}
	var recs []Texts
	for _, r := range rows[1:] {
		m := Texts{}
		for i, h := range rows[0] {
			if k, ok := kinds[h]; ok && r[i] != "" {
				m[k] = append(m[k], r[i])
			}
		}
		recs = append(recs, m)
	}
	b.ReportAllocs()
	for b.Loop() {
		t := NewTable()
		for _, m := range recs {
			t.Add(0, m, false)
		}
		res := t.Run(Options{})
		res.Clusters(0)
		b.ReportMetric(float64(res.Compared), "pairs")
	}
}
