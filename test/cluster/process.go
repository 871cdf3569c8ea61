package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"sync"
	"syscall"
	"time"
)

// stopPatience is how long a component may take to end after SIGTERM.
const stopPatience = 15 * time.Second

// process is one component as a child process of this binary; it can be stopped and started again.
type process struct {
	name, logFile string
	args          []string
	// lost is told when the component ends although nobody asked for it.
	lost func(p *process, err error)

	mu      sync.Mutex
	running *exec.Cmd
	// ended is closed once the running component has ended and all about it is settled.
	ended chan struct{}
	asked bool
}

// start runs the component, which must not be running. Its output is appended to its log file.
func (p *process) start() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.running != nil {
		return fmt.Errorf("%s runs already", p.name)
	}
	self, err := os.Executable()
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(p.logFile), 0o700); err != nil {
		return err
	}
	log, err := os.OpenFile(p.logFile, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	command := exec.Command(self, append([]string{p.name}, p.args...)...)
	command.Stdout, command.Stderr = log, log
	command.SysProcAttr = childAttributes()

	ended, started := make(chan struct{}), make(chan error)
	go func() {
		// The kernel ends the child with the thread that started it, so this thread stays for as long.
		runtime.LockOSThread()
		defer log.Close()
		err := command.Start()
		started <- err
		if err == nil {
			p.settle(command.Wait(), ended)
		}
	}()
	if err := <-started; err != nil {
		return fmt.Errorf("%s does not start: %w", p.name, err)
	}
	p.running, p.ended, p.asked = command, ended, false
	return nil
}

func (p *process) settle(err error, ended chan struct{}) {
	p.mu.Lock()
	asked := p.asked
	p.running = nil
	close(ended)
	p.mu.Unlock()
	if !asked {
		p.lost(p, err)
	}
}

// end sends the signal and waits until the component is gone; one that is not running is no error.
func (p *process) end(with syscall.Signal) error {
	p.mu.Lock()
	if p.running == nil {
		p.mu.Unlock()
		return nil
	}
	p.asked = true
	child, ended := p.running.Process, p.ended
	p.mu.Unlock()
	if err := child.Signal(with); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return err
	}
	select {
	case <-ended:
	case <-time.After(stopPatience):
		_ = child.Kill()
		<-ended
	}
	return nil
}
