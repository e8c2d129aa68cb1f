package main

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// outFile is a file that appears whole or not at all: it is written beside its
// place and moved there by commit. It comes into being with the first byte. What
// a process that was killed left of it, the next one takes away. A
// symbolic link keeps pointing where it did, and a file that is there keeps its
// permissions. What is no regular file, such as a device or a named pipe, is
// written straight through.
type outFile struct {
	path string
	// spare, where it is set, are the further names that the file may have, from
	// 2 on: a file that is there is not written over then.
	spare  func(int) string
	w      *os.File
	target string // the place of the file; empty where it is written straight through
}

// Write makes outFile an io.Writer.
func (f *outFile) Write(p []byte) (int, error) {
	if f.w == nil {
		if err := f.open(); err != nil {
			return 0, f.failed(err)
		}
	}
	n, err := f.w.Write(p)
	if err != nil {
		return n, f.failed(err)
	}
	return n, nil
}

func (f *outFile) failed(err error) error {
	return failf("%s cannot be written: %s", quote(f.path), cause(err))
}

func (f *outFile) open() error {
	if f.spare != nil {
		temp, err := createPart(f.path)
		if err != nil {
			return err
		}
		f.w, f.target = temp, f.path
		return nil
	}
	info, err := os.Stat(f.path)
	there := err == nil
	if there && (!info.Mode().IsRegular() || isDescriptor(f.path)) {
		f.w, err = os.OpenFile(f.path, os.O_WRONLY|os.O_APPEND, 0)
		return err
	}
	target, err := linked(f.path)
	if err != nil {
		return err
	}
	if there { // what may not be written may not be replaced either
		old, err := os.OpenFile(target, os.O_WRONLY, 0)
		if err != nil {
			return err
		}
		_ = old.Close()
	}
	temp, err := createPart(target)
	if err != nil {
		return err
	}
	f.w, f.target = temp, target
	if there {
		return temp.Chmod(info.Mode().Perm())
	}
	return nil // readable by its owner alone: there are people in it
}

// isDescriptor reports whether a name stands for a file that is open already,
// such as the standard output.
func isDescriptor(name string) bool {
	name = filepath.ToSlash(filepath.Clean(name))
	return name == "/dev/stdout" || name == "/dev/stderr" || strings.HasPrefix(name, "/dev/fd/") || strings.HasPrefix(name, "/proc/self/fd/")
}

// linked is the file that a name means, behind all symbolic links. The file
// need not be there.
func linked(name string) (string, error) {
	for range 40 {
		dir, err := filepath.EvalSymlinks(filepath.Dir(name))
		if err != nil {
			return "", err
		}
		name = filepath.Join(dir, filepath.Base(name))
		info, err := os.Lstat(name)
		if err != nil || info.Mode()&fs.ModeSymlink == 0 {
			return name, nil
		}
		to, err := os.Readlink(name)
		if err != nil {
			return "", err
		}
		if !filepath.IsAbs(to) {
			to = dir + string(filepath.Separator) + to // not cleaned: a directory in it may be a link
		}
		name = to
	}
	return "", errors.New("too many symbolic links")
}

// used reports whether anything was written.
func (f *outFile) used() bool { return f.w != nil }

// commit moves what was written to its place.
func (f *outFile) commit() error {
	if f.w == nil {
		return nil
	}
	w := f.w
	err := w.Close()
	f.w = nil
	if f.target == "" {
		if err != nil {
			return f.failed(err)
		}
		return nil
	}
	if err == nil && f.spare != nil {
		if err = f.claim(); err == nil {
			if err = os.Rename(w.Name(), f.target); err != nil {
				_ = os.Remove(f.target)
			}
		}
	} else if err == nil {
		err = os.Rename(w.Name(), f.target)
	}
	if err != nil {
		_ = os.Remove(w.Name())
		return f.failed(err)
	}
	return nil
}

// claim takes the first of the names that no file has, by making an empty one.
func (f *outFile) claim() error {
	for i := 2; ; i++ {
		w, err := os.OpenFile(f.target, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
		if err == nil {
			return w.Close()
		}
		if !errors.Is(err, fs.ErrExist) {
			return err
		}
		f.path = f.spare(i)
		f.target = f.path
	}
}

// drop throws away what was written and not committed.
func (f *outFile) drop() {
	if f.w == nil {
		return
	}
	_ = f.w.Close()
	if f.target != "" {
		_ = os.Remove(f.w.Name())
	}
	f.w = nil
}

// cause is the reason alone of an error of the file system.
func cause(err error) error {
	var path *fs.PathError
	var link *os.LinkError
	switch {
	case errors.As(err, &path):
		return path.Err
	case errors.As(err, &link):
		return link.Err
	}
	return err
}

// sameFile reports whether two names mean one file that is there.
func sameFile(a, b string) bool {
	x, err := os.Stat(a)
	if err != nil {
		return filepath.Clean(a) == filepath.Clean(b)
	}
	y, err := os.Stat(b)
	return err == nil && os.SameFile(x, y)
}

// toFile runs write on standard output or, where name is given, on that file.
func (c *call) toFile(name string, write func(io.Writer) error) error {
	if name == "" || name == "-" || name == "/dev/stdout" {
		return write(c.stdout)
	}
	file, err := c.location()
	if err != nil {
		return err
	}
	if file != "" && sameFile(file, name) {
		return usagef("%s is the contact book itself", quote(name))
	}
	if info, err := os.Stat(name); err == nil && info.IsDir() {
		return failf("%s is a directory", quote(name))
	}
	out := &outFile{path: name}
	defer out.drop()
	if _, err := out.Write(nil); err != nil { // even an empty result makes a file
		return err
	}
	if err := write(out); err != nil {
		return err
	}
	return out.commit()
}

// openInput opens a file to be read; "-" is standard input. The error is one
// sentence.
func (c *call) openInput(name string) (io.ReadCloser, error) {
	if name == "-" {
		return io.NopCloser(c.stdin), nil
	}
	info, err := os.Stat(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, failf("there is no file %s", quote(name))
	case err != nil:
		return nil, failf("%s cannot be read: %s", quote(name), cause(err))
	case info.IsDir():
		return nil, failf("%s is a directory, not a file", quote(name))
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, failf("%s cannot be read: %s", quote(name), cause(err))
	}
	return f, nil
}
