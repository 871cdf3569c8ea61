package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net"
	"path/filepath"
	"syscall"
	"time"

	"k8s.io/client-go/kubernetes"
	"k8s.io/kubernetes/cmd/kubeadm/app/util/kubeconfig"
)

const (
	host = "127.0.0.1"
	// startPatience is how long the whole start may take on a slow, busy machine.
	startPatience = 2 * time.Minute
	// restartPause keeps a component that fails at once from being started in a busy loop.
	restartPause = 200 * time.Millisecond
	// enabledControllers are those that give a Service its endpoints, and those that clean up.
	enabledControllers = "endpointslice-controller,endpointslice-mirroring-controller,namespace-controller," +
		"serviceaccount-controller,garbage-collector-controller"
)

// controlPlane is a set of components that know each other.
type controlPlane struct {
	options    upOptions
	server     string
	components map[string]*process
}

// newControlPlane writes all files that the components need, and starts nothing. A component that is lost for good
// ends everything through fail.
func newControlPlane(o upOptions, fail context.CancelCauseFunc) (*controlPlane, error) {
	ports, err := freePorts(4)
	if err != nil {
		return nil, err
	}
	plane := &controlPlane{options: o, server: fmt.Sprintf("https://%s:%d", host, ports[0])}
	if err := plane.writeIdentities(); err != nil {
		return nil, err
	}
	etcdURL := fmt.Sprintf("http://%s:%d", host, ports[1])
	lost := func(p *process, err error) {
		if o.restart {
			time.Sleep(restartPause)
			err = p.start()
			if err == nil {
				return
			}
		}
		fail(fmt.Errorf("%s ended by itself (%v); its log is %s", p.name, err, p.logFile))
	}
	plane.components = map[string]*process{}
	for name, args := range map[string][]string{
		etcdName: {
			"--data-dir", plane.path("etcd"),
			"--client-url", etcdURL,
			"--peer-url", fmt.Sprintf("http://%s:%d", host, ports[2]),
		},
		apiserverName:   plane.apiserverArgs(etcdURL, ports[0]),
		controllersName: plane.controllersArgs(ports[3]),
	} {
		plane.components[name] = &process{name: name, args: args, logFile: plane.path("logs/" + name + ".log"), lost: lost}
	}
	return plane, nil
}

func (c *controlPlane) path(name string) string { return filepath.Join(c.options.dir, name) }

func (c *controlPlane) writeIdentities() error {
	ca, err := newAuthority(c.options.dir)
	if err != nil {
		return err
	}
	if err := ca.serverCertificate("server", net.ParseIP(host)); err != nil {
		return err
	}
	if err := ca.clientKubeconfig("admin", c.server, "admin", "system:masters"); err != nil {
		return err
	}
	if err := ca.clientKubeconfig("controllers", c.server, "system:kube-controller-manager"); err != nil {
		return err
	}
	return writeTokenKeys(c.options.dir, "tokens")
}

func (c *controlPlane) apiserverArgs(etcdURL string, port int) []string {
	return append([]string{
		"--etcd-servers=" + etcdURL,
		"--bind-address=" + host,
		"--advertise-address=" + host,
		fmt.Sprintf("--secure-port=%d", port),
		"--tls-cert-file=" + c.path("server.crt"),
		"--tls-private-key-file=" + c.path("server.key"),
		"--client-ca-file=" + c.path("ca.crt"),
		"--authorization-mode=RBAC",
		"--service-account-issuer=https://kubernetes.default.svc",
		"--service-account-key-file=" + c.path("tokens.pub"),
		"--service-account-signing-key-file=" + c.path("tokens.key"),
		"--service-cluster-ip-range=" + c.options.serviceCIDR,
		// Nobody needs endpoints of the Service `kubernetes`, and loopback ones would be refused.
		"--endpoint-reconciler-type=none",
		// Without this, an API server that ends waits for its watches instead of closing them.
		"--shutdown-watch-termination-grace-period=1s",
	}, c.options.apiserverFlags...)
}

func (c *controlPlane) controllersArgs(port int) []string {
	kubeconfig := c.path("controllers.kubeconfig")
	return append([]string{
		"--kubeconfig=" + kubeconfig,
		"--authentication-kubeconfig=" + kubeconfig,
		"--authorization-kubeconfig=" + kubeconfig,
		"--controllers=" + enabledControllers,
		"--leader-elect=false",
		"--use-service-account-credentials=true",
		"--service-account-private-key-file=" + c.path("tokens.key"),
		"--service-cluster-ip-range=" + c.options.serviceCIDR,
		"--bind-address=" + host,
		fmt.Sprintf("--secure-port=%d", port),
		"--tls-cert-file=" + c.path("server.crt"),
		"--tls-private-key-file=" + c.path("server.key"),
	}, c.options.controllersFlags...)
}

// start starts the components one after the other. The controllers come last: they end at once when the roles
// that the API server makes at its first start are not there yet.
func (c *controlPlane) start(ctx context.Context) error {
	for _, step := range []struct{ component, then string }{
		{etcdName, ""},
		{apiserverName, "/readyz"},
		{controllersName, "/api/v1/namespaces/default/serviceaccounts/default"},
	} {
		if err := c.components[step.component].start(); err != nil {
			return err
		}
		if step.then == "" {
			continue
		}
		if err := c.waitFor(ctx, step.then); err != nil {
			return err
		}
	}
	return nil
}

// stop ends the components in the reverse order, so that none complains about the loss of another.
func (c *controlPlane) stop() {
	for _, name := range []string{controllersName, apiserverName, etcdName} {
		_ = c.components[name].end(syscall.SIGTERM)
	}
}

// waitFor waits until the API server answers this path with success.
func (c *controlPlane) waitFor(ctx context.Context, path string) error {
	ctx, cancel := context.WithTimeout(ctx, startPatience)
	defer cancel()
	client, err := kubeconfig.ClientSetFromFile(c.path("admin.kubeconfig"))
	if err != nil {
		return err
	}
	get := client.(*kubernetes.Clientset).RESTClient().Get().AbsPath(path)
	for {
		err := get.Do(ctx).Error()
		if err == nil {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("%s of the API server did not come up: %w", path, err)
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// freePorts finds ports that nobody listens on. They lie below those that the kernel gives to outgoing
// connections, so that a component that is down for a while finds its port free when it comes back.
func freePorts(count int) ([]int, error) {
	const lowest, highest = 20_000, 32_000
	ports := make([]int, 0, count)
	for tries := 0; len(ports) < count; tries++ {
		if tries > highest-lowest {
			return nil, fmt.Errorf("no %d free ports from %d to %d", count, lowest, highest)
		}
		port := lowest + rand.IntN(highest-lowest)
		listener, err := net.Listen("tcp", fmt.Sprintf("%s:%d", host, port))
		if err != nil {
			continue
		}
		// All stay open until the last is found: no port comes twice.
		defer listener.Close()
		ports = append(ports, port)
	}
	return ports, nil
}
