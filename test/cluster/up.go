package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
)

// upOptions is what the command line of `up` says.
type upOptions struct {
	dir, serviceCIDR                 string
	restart, control                 bool
	apiserverFlags, controllersFlags repeated
}

// repeated collects the values of a flag that may be given several times.
type repeated []string

func (r *repeated) String() string { return strings.Join(*r, " ") }

func (r *repeated) Set(value string) error {
	*r = append(*r, value)
	return nil
}

func upCommand(args []string) int {
	var o upOptions
	flags := flag.NewFlagSet("cluster up", flag.ExitOnError)
	flags.StringVar(&o.dir, "dir", "", "directory for certificates, etcd's data, logs and admin.kubeconfig (made if missing)")
	flags.StringVar(&o.serviceCIDR, "service-cidr", "10.96.0.0/16", "range of cluster IPs; two, with a comma, for dual stack")
	flags.BoolVar(&o.restart, "restart", false, "start a component again when it ends by itself; without it, all end")
	flags.BoolVar(&o.control, "control", false, "take commands from standard input (stop, kill or start COMPONENT), and end with it")
	flags.Var(&o.apiserverFlags, "api", "one more flag for kube-apiserver; may be repeated")
	flags.Var(&o.controllersFlags, "controllers", "one more flag for kube-controller-manager; may be repeated")
	_ = flags.Parse(args)
	if o.dir == "" || flags.NArg() > 0 {
		fmt.Fprintln(os.Stderr, "usage: cluster up --dir DIR [flags]")
		flags.PrintDefaults()
		return 2
	}
	if err := up(o); err != nil {
		fmt.Fprintln(os.Stderr, "cluster up:", err)
		return 1
	}
	return 0
}

// up runs a control plane until a signal, the end of standard input (with --control) or a lost component ends it.
func up(o upOptions) error {
	dir, err := filepath.Abs(o.dir)
	if err != nil {
		return err
	}
	o.dir = dir
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	ctx, fail := context.WithCancelCause(context.Background())
	defer fail(nil)
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGTERM, syscall.SIGINT)
	go func() {
		<-signals
		fail(errAsked)
	}()

	plane, err := newControlPlane(o, fail)
	if err != nil {
		return err
	}
	defer plane.stop()
	if o.control {
		go serveCommands(ctx, plane, fail)
	}
	if err := plane.start(ctx); err != nil && ctx.Err() == nil {
		return err
	}
	if ctx.Err() == nil {
		say(map[string]string{"state": "ready", "server": plane.server, "kubeconfig": plane.path("admin.kubeconfig")})
		<-ctx.Done()
	}
	if cause := context.Cause(ctx); !errors.Is(cause, errAsked) {
		return cause
	}
	return nil
}

// errAsked ends `up` without an error.
var errAsked = errors.New("asked to end")

// say prints one line of JSON for the program that started this one.
func say(what map[string]string) {
	line, _ := json.Marshal(what)
	fmt.Println(string(line))
}
