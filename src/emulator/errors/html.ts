import { DeviceError } from './device-error.ts';

/** Apache's 401 page for Basic credentials that PAM refuses. */
export function basicAuthRequired(): DeviceError {
  const body = `<!DOCTYPE HTML PUBLIC "-//IETF//DTD HTML 2.0//EN">
<html><head>
<title>401 F5 Authorization Required</title>
</head><body>
<h1>F5 Authorization Required</h1>
<p>This server could not verify that you are authorized to access the document requested.</p>
</body></html>
`;
  return new DeviceError(401, body, 'F5 Authorization Required');
}

/** Apache's 503 page while the daemons behind it restart. */
export function restarting(): DeviceError {
  const body = `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-strict.dtd">
<html xmlns="http://www.w3.org/1999/xhtml">
<head>
<title>BIG-IP&reg; - Configuration Utility restarting...</title>
<link rel="stylesheet" type="text/css" href="/tomcat_unavailable.css" />
</head>
<body><p>Configuration Utility restarting...</p></body>
</html>
`;
  return new DeviceError(503, body, 'Configuration Utility restarting...');
}

/** Jetty's 500 when restjavad does not answer in time (fact sheet 7.1). */
export function asyncContextTimeout(): DeviceError {
  const body = `<html>
<head>
<meta http-equiv="Content-Type" content="text/html;charset=utf-8"/>
<title>Error 500 AsyncContext timeout</title>
</head>
<body><h2>HTTP ERROR 500 AsyncContext timeout</h2>
<table>
<tr><th>STATUS:</th><td>500</td></tr>
<tr><th>MESSAGE:</th><td>AsyncContext timeout</td></tr>
<tr><th>SERVLET:</th><td>com.f5.rest.app.RestServerServlet-51cdd8a</td></tr>
</table>
<hr><i><small>Powered by Jetty:// 9.4.49.v20220914</small></i><hr/>
</body>
</html>
`;
  return new DeviceError(500, body, 'AsyncContext timeout');
}
