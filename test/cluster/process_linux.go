package main

import "syscall"

// childAttributes keeps a terminal's signals from the children (their parent ends them in order), and ends them
// when the parent dies.
func childAttributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}
