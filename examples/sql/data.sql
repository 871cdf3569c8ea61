INSERT INTO vips (id, service, vip, port, protocol, server, server_port, weight, state) VALUES
  (1, 'shop', '10.1.10.50', 443, NULL,  '10.0.0.1', 8443, 10,   'enabled'),
  (2, 'shop', '10.1.10.50', 443, NULL,  '10.0.0.2', 8443, 20,   'enabled'),
  (3, 'blog', '10.1.10.51', 80,  NULL,  '10.0.0.3', 8080, NULL, 'drain'),
  (4, 'dns',  '10.1.10.52', 53,  'udp', '10.0.0.4', 53,   NULL, NULL);
