// Command cluster runs a Kubernetes control plane for tests, without containers and without root: etcd,
// kube-apiserver and kube-controller-manager, compiled from their public modules into this one binary.
//
//	cluster up --dir DIR [flags]     runs all of them as child processes until it is told to stop
//	cluster COMPONENT [its flags]    runs one component: etcd, kube-apiserver, kube-controller-manager
package main

import (
	"fmt"
	"os"
)

// entryPoints lists what the first argument may be; each gets the other arguments and gives the exit code.
var entryPoints = map[string]func(args []string) int{
	"up":            upCommand,
	etcdName:        etcdCommand,
	apiserverName:   apiserverCommand,
	controllersName: controllersCommand,
}

func main() {
	if len(os.Args) > 1 {
		if run, known := entryPoints[os.Args[1]]; known {
			os.Exit(run(os.Args[2:]))
		}
	}
	fmt.Fprintf(os.Stderr, "usage: cluster up --dir DIR [flags], or cluster %s|%s|%s [its flags]\n",
		etcdName, apiserverName, controllersName)
	os.Exit(2)
}
