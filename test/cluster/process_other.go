//go:build !linux

package main

import "syscall"

// childAttributes keeps a terminal's signals from the children; their parent ends them in order.
func childAttributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true}
}
