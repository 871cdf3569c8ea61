package main

import (
	"flag"
	"fmt"
	"net/url"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/spf13/cobra"
	"go.etcd.io/etcd/server/v3/embed"
	"k8s.io/component-base/cli"
	_ "k8s.io/component-base/metrics/prometheus/clientgo"
	_ "k8s.io/component-base/metrics/prometheus/version"
	apiserver "k8s.io/kubernetes/cmd/kube-apiserver/app"
	controllers "k8s.io/kubernetes/cmd/kube-controller-manager/app"
)

// The components by the names that users of Kubernetes know, which are also their first argument and log name.
const (
	etcdName        = "etcd"
	apiserverName   = "kube-apiserver"
	controllersName = "kube-controller-manager"
)

func apiserverCommand(args []string) int {
	return runAs(apiserverName, apiserver.NewAPIServerCommand(), args)
}

func controllersCommand(args []string) int {
	return runAs(controllersName, controllers.NewControllerManagerCommand(), args)
}

// runAs runs a component's command as its own main does. Some read their name from os.Args[0].
func runAs(name string, command *cobra.Command, args []string) int {
	os.Args = append([]string{name}, args...)
	command.SetArgs(args)
	return cli.Run(command)
}

func etcdCommand(args []string) int {
	flags := flag.NewFlagSet(etcdName, flag.ExitOnError)
	dir := flags.String("data-dir", "", "where the data lives")
	client := flags.String("client-url", "", "where clients connect")
	peer := flags.String("peer-url", "", "where other members would connect")
	_ = flags.Parse(args)
	if err := serveEtcd(*dir, *client, *peer); err != nil {
		fmt.Fprintln(os.Stderr, "etcd:", err)
		return 1
	}
	return 0
}

// serveEtcd serves until a signal ends it. The data survives a killed process, not a crash of the machine.
func serveEtcd(dir, client, peer string) error {
	clientURL, err := url.Parse(client)
	if err != nil {
		return err
	}
	peerURL, err := url.Parse(peer)
	if err != nil {
		return err
	}
	config := embed.NewConfig()
	config.Dir = dir
	config.LogLevel = "warn"
	config.UnsafeNoFsync = true
	config.ListenClientUrls, config.AdvertiseClientUrls = []url.URL{*clientURL}, []url.URL{*clientURL}
	config.ListenPeerUrls, config.AdvertisePeerUrls = []url.URL{*peerURL}, []url.URL{*peerURL}
	config.InitialCluster = config.InitialClusterFromName(config.Name)
	// The embedded default of 0 would log every request as slow.
	config.WarningUnaryRequestDuration = 5 * time.Second
	// The API server turns etcd's progress notes into bookmarks; etcd's default is ten minutes.
	config.WatchProgressNotifyInterval = time.Second

	server, err := embed.StartEtcd(config)
	if err != nil {
		return err
	}
	defer server.Close()
	ended := make(chan os.Signal, 1)
	signal.Notify(ended, syscall.SIGTERM, syscall.SIGINT)
	select {
	case <-ended:
		return nil
	case err := <-server.Err():
		return err
	}
}
