package main

import (
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// A named pipe stays one; what is written goes through it.
func TestOutToPipe(t *testing.T) {
	filled(t)
	write(t, "bad.csv", badRow)
	if err := syscall.Mkfifo("pipe", 0o600); err != nil {
		t.Skip(err)
	}
	for want, args := range map[string][]string{
		"First name,Last name":        {"template", "-o", "pipe"},
		"nobody":                      {"import", "bad.csv", "--errors", "pipe"},
		"First name,Last name,Mobile": {"export", "-o", "pipe"},
	} {
		got := make(chan string)
		go func() {
			f, err := os.Open("pipe")
			if err != nil {
				got <- err.Error()
				return
			}
			b, _ := io.ReadAll(f)
			f.Close()
			got <- string(b)
		}()
		r := try(t, "", args...)
		if text := <-got; r.code != 0 && args[0] != "import" || !strings.Contains(text, want) {
			t.Errorf("%v: code %d %s, read %.200q", args, r.code, r.stderr, text)
		}
		if info, err := os.Lstat("pipe"); err != nil || info.Mode()&fs.ModeNamedPipe == 0 {
			t.Fatalf("the pipe is replaced: %v %v", info, err)
		}
	}
	if left, _ := filepath.Glob(".pipe*"); len(left) > 0 {
		t.Errorf("files are left: %v", left)
	}
}

// A device stays one, whatever becomes of the command.
func TestOutToDevice(t *testing.T) {
	filled(t)
	write(t, "bad.csv", badRow)
	for name, minor := range map[string]int{"null": 3, "full": 7} {
		if err := syscall.Mknod(name, syscall.S_IFCHR|0o600, 1<<8|minor); err != nil {
			t.Skip("devices cannot be made here: ", err)
		}
		if f, err := os.OpenFile(name, os.O_WRONLY, 0); err != nil {
			t.Skip("devices cannot be opened here: ", err)
		} else {
			f.Close()
		}
	}
	must(t, 0, "export", "-o", "null")
	must(t, 3, "import", "bad.csv", "--errors", "null")
	if r := must(t, 1, "export", "-o", "full"); !strings.Contains(r.stderr, `"full" cannot be written: no space left on device`) || strings.Count(r.stderr, "\n") != 1 {
		t.Errorf("a full device: %s", r.stderr)
	}
	for _, name := range []string{"null", "full"} {
		if info, err := os.Lstat(name); err != nil || info.Mode()&fs.ModeCharDevice == 0 {
			t.Errorf("%s is replaced: %v %v", name, info, err)
		}
	}
}

// A name for an open file is written to where that file is, and not replaced.
func TestOutToDescriptor(t *testing.T) {
	filled(t)
	write(t, "log.csv", "before\n")
	f, err := os.OpenFile("log.csv", os.O_WRONLY|os.O_APPEND, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	must(t, 0, "template", "-o", fmt.Sprintf("/proc/self/fd/%d", f.Fd()))
	if _, err := f.WriteString("after\n"); err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile("log.csv")
	if text := string(b); err != nil || !strings.HasPrefix(text, "before\nFirst name,") || !strings.HasSuffix(text, "after\n") {
		t.Errorf("%v %.100q", err, text)
	}
}
