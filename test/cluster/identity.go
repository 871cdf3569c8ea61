package main

import (
	"crypto"
	"crypto/x509"
	"net"
	"path/filepath"

	"k8s.io/client-go/util/cert"
	"k8s.io/client-go/util/keyutil"
	kubeadm "k8s.io/kubernetes/cmd/kubeadm/app/apis/kubeadm"
	"k8s.io/kubernetes/cmd/kubeadm/app/util/kubeconfig"
	"k8s.io/kubernetes/cmd/kubeadm/app/util/pkiutil"
)

const keyType = kubeadm.EncryptionAlgorithmECDSAP256

// authority signs the certificates of one cluster and writes them to its directory.
type authority struct {
	dir  string
	cert *x509.Certificate
	key  crypto.Signer
}

// newAuthority makes the cluster's own CA: ca.crt and ca.key.
func newAuthority(dir string) (*authority, error) {
	config := &pkiutil.CertConfig{Config: cert.Config{CommonName: "cluster-ca"}, EncryptionAlgorithm: keyType}
	certificate, key, err := pkiutil.NewCertificateAuthority(config)
	if err != nil {
		return nil, err
	}
	return &authority{dir, certificate, key}, pkiutil.WriteCertAndKey(dir, "ca", certificate, key)
}

// serverCertificate writes NAME.crt and NAME.key for a server on these addresses.
func (a *authority) serverCertificate(name string, addresses ...net.IP) error {
	certificate, key, err := a.sign(cert.Config{
		CommonName: name,
		AltNames:   cert.AltNames{IPs: addresses, DNSNames: []string{"localhost", "kubernetes.default.svc"}},
		Usages:     []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	})
	if err != nil {
		return err
	}
	return pkiutil.WriteCertAndKey(a.dir, name, certificate, key)
}

// clientKubeconfig writes NAME.kubeconfig, with everything in it, for a user (and one group, if any).
func (a *authority) clientKubeconfig(name, server, user string, groups ...string) error {
	certificate, key, err := a.sign(cert.Config{
		CommonName:   user,
		Organization: groups,
		Usages:       []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth},
	})
	if err != nil {
		return err
	}
	encodedKey, err := keyutil.MarshalPrivateKeyToPEM(key)
	if err != nil {
		return err
	}
	config := kubeconfig.CreateWithCerts(server, "test", name,
		pkiutil.EncodeCertPEM(a.cert), encodedKey, pkiutil.EncodeCertPEM(certificate))
	return kubeconfig.WriteToDisk(filepath.Join(a.dir, name+".kubeconfig"), config)
}

func (a *authority) sign(config cert.Config) (*x509.Certificate, crypto.Signer, error) {
	return pkiutil.NewCertAndKey(a.cert, a.key, &pkiutil.CertConfig{Config: config, EncryptionAlgorithm: keyType})
}

// writeTokenKeys writes NAME.key and NAME.pub, which sign and check the tokens of service accounts.
func writeTokenKeys(dir, name string) error {
	key, err := pkiutil.NewPrivateKey(keyType)
	if err != nil {
		return err
	}
	if err := pkiutil.WriteKey(dir, name, key); err != nil {
		return err
	}
	return pkiutil.WritePublicKey(dir, name, key.Public())
}
