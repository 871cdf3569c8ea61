/**
 * What `/Common/f5.http` runs here: our own, from the variables and tables that are known of F5's template (fact sheet
 * 8.15 and the recordings), with the names that its objects have on a device where one is recorded (`_http_monitor`).
 */
export const httpImplementation = String.raw`
iapp::template start

# The name of an object of this service.
proc own {suffix} { return "$::tmsh::app_name\_$suffix" }
# The value of a variable; "" without one, and for what a form offers instead of an object.
proc answer {name {otherwise ""}} {
  if { [info exists ::$name] && [set ::$name] ne "" } { return [set ::$name] }
  return $otherwise
}
proc is_new {name} { return [iapp::is $name "/#create_new#"] }
proc chosen {name} {
  set value [answer $name]
  if { [string match "/#*#" $value] || $value eq "none" } { return "" }
  return $value
}
proc rows {table} {
  set found {}
  if { [info exists ::$table] } {
    foreach row [set ::$table] { lappend found [lindex $row 0] }
  }
  return $found
}
# Text inside quotation marks of tmsh.
proc quoted {text} {
  return [string map [list "\\" "\\\\" "\"" "\\\""] $text]
}

set client_ssl [iapp::is ssl__mode client_ssl client_ssl_server_ssl]
set server_ssl [iapp::is ssl__mode server_ssl client_ssl_server_ssl]
set reads_http [expr {![iapp::is ssl__mode pass_thru]}]

# Health monitor
set monitor [chosen monitor__monitor]
if { [is_new monitor__monitor] } {
  set type [expr {$server_ssl ? "https" : "http"}]
  set host [lindex [lindex [rows pool__hosts] 0] 1]
  set request "GET [answer monitor__uri /] HTTP/1.1\\r\\nHost: $host\\r\\nConnection: Close\\r\\n\\r\\n"
  set interval [answer monitor__frequency 30]
  set command [list ltm monitor $type [own $type\_monitor] defaults-from /Common/$type \
    interval $interval timeout [expr {$interval * 3 + 1}] send "\"[quoted $request]\""]
  if { [answer monitor__response none] ne "none" } {
    lappend command recv "\"[quoted $::monitor__response]\""
  }
  set monitor [eval iapp::conf create $command]
}

# Pool
set pool [chosen pool__pool_to_use]
if { $pool eq "" && ![iapp::is pool__pool_to_use "/#do_not_use#"] } {
  set command [list ltm pool [own pool]]
  if { [answer pool__lb_method] ne "" } { lappend command load-balancing-mode $::pool__lb_method }
  if { $monitor ne "" } { lappend command monitor $monitor }
  if { [iapp::is pool__use_pga yes] } { lappend command min-active-members [answer pool__min_active_members 1] }
  set members "none"
  if { [info exists ::pool__members] } { set members [iapp::pool_members pool__members] }
  set pool [iapp::conf create "$command members $members"]
}

# Profiles
set profiles {}
proc use_profile {name context} { lappend ::profiles "$name { context $context }" }
array set tcp_profiles {
  wan /Common/tcp-wan-optimized
  lan /Common/tcp-lan-optimized
  *   /Common/tcp
}
foreach {side mode option} {clientside net__client_mode client__tcp_wan_opt serverside net__server_mode server__tcp_lan_opt} {
  set base [iapp::substa tcp_profiles([answer $mode])]
  set profile [chosen $option]
  if { [is_new $option] } {
    set profile [iapp::conf create ltm profile tcp [own tcp_$side] defaults-from $base]
  } elseif { $profile eq "" } {
    set profile $base
  }
  set tcp($side) $profile
}
if { $tcp(clientside) eq $tcp(serverside) } {
  use_profile $tcp(clientside) all
} else {
  use_profile $tcp(clientside) clientside
  use_profile $tcp(serverside) serverside
}
if { $reads_http } {
  set profile [chosen pool__http]
  if { $profile eq "" } {
    set profile [iapp::conf create ltm profile http [own http] defaults-from /Common/http \
      insert-xforwarded-for [expr {[iapp::is pool__xff no] ? "disabled" : "enabled"}]]
  }
  use_profile $profile all
  foreach {option type parent suffix} {
    client__http_compression            http-compression /Common/wan-optimized-compression compression
    client__standard_caching_without_wa web-acceleration /Common/optimized-caching         caching
    server__oneconnect                  one-connect      /Common/oneconnect                oneconnect
    server__ntlm                        ntlm             /Common/ntlm                      ntlm
  } {
    set profile [chosen $option]
    if { [is_new $option] } {
      set profile [iapp::conf create ltm profile $type [own $suffix] defaults-from $parent]
    }
    if { $profile ne "" } { use_profile $profile all }
  }
}
if { $client_ssl } {
  set profile [chosen ssl__client_ssl_profile]
  if { $profile eq "" } {
    set command [list ltm profile client-ssl [own client-ssl] defaults-from /Common/clientssl]
    if { [chosen ssl__cert] ne "" } { lappend command cert $::ssl__cert key [answer ssl__key $::ssl__cert] }
    if { [chosen ssl__use_chain_cert] ne "" } { lappend command chain $::ssl__use_chain_cert }
    set profile [eval iapp::conf create $command]
  }
  use_profile $profile clientside
}
if { $server_ssl } {
  set profile [chosen ssl__server_ssl_profile]
  if { $profile eq "" } {
    set profile [iapp::conf create ltm profile server-ssl [own server-ssl] defaults-from /Common/serverssl]
  }
  use_profile $profile serverside
}

# Persistence
array set persistence {
  "/#cookie#"      /Common/cookie
  "/#source#"      /Common/source_addr
  "/#do_not_use#"  ""
  "/#create_new#"  "new"
  ""               ""
}
set persist [answer pool__persist]
if { [info exists persistence($persist)] } { set persist $persistence($persist) }
if { $persist eq "new" } {
  set persist [expr {$reads_http
    ? [iapp::conf create ltm persistence cookie [own cookie_persistence] defaults-from /Common/cookie]
    : [iapp::conf create ltm persistence source-addr [own source_persistence] defaults-from /Common/source_addr]}]
}

# Virtual servers
array set snat_types {
  automap "source-address-translation { type automap }"
  none    "source-address-translation { type none }"
  *       "source-address-translation { type automap }"
}
set snat [iapp::substa snat_types([answer net__snat_type automap])]
set snatpool [chosen net__snatpool]
if { [iapp::is net__snat_type snatpool use_snatpool] } {
  if { $snatpool eq "" } {
    set addresses {}
    foreach row [rows net__snatpool_members] { lappend addresses [lindex $row 1] }
    set snatpool [iapp::conf create ltm snatpool [own snatpool] members replace-all-with \{ [join $addresses] \}]
  }
  set snat "source-address-translation { type snat pool $snatpool }"
}
set vlans ""
if { [iapp::is net__vlan_mode enabled disabled] && [info exists ::net__client_vlan] } {
  set vlans "vlans-$::net__vlan_mode vlans replace-all-with { [join $::net__client_vlan] }"
}
set common "mask [answer pool__mask 255.255.255.255] ip-protocol tcp $snat $vlans"
set port [expr {$client_ssl || [iapp::is ssl__mode pass_thru] ? [answer pool__port_secure [answer pool__port 443]] : [answer pool__port 80]}]

set command "ltm virtual [own vs] destination [iapp::destination pool__addr $port] $common"
if { $pool ne "" } { append command " pool $pool" }
append command " profiles replace-all-with { [join $profiles] }"
if { $persist ne "" } { append command " persist replace-all-with { $persist }" }
set rules [answer irules__irules]
if { [llength $rules] > 0 } { append command " rules { [join $rules] }" }
iapp::conf create $command

if { $client_ssl && [iapp::is pool__redirect_to_https yes] } {
  set command "ltm virtual [own redir_vs] destination [iapp::destination pool__addr [answer pool__redirect_port 80]] $common"
  append command " profiles replace-all-with { /Common/tcp /Common/http } rules { /Common/_sys_https_redirect }"
  iapp::conf create $command
}
iapp::template stop
`;

/** The questions of that template, for who reads its presentation; no form is drawn from it here. */
export const httpPresentation = String.raw`
section ssl {
  choice mode default "no_ssl" { "no_ssl", "client_ssl", "client_ssl_server_ssl", "server_ssl", "pass_thru" }
  string client_ssl_profile
  string server_ssl_profile
  string cert
  string key
}
section net {
  choice client_mode default "wan" { "wan", "lan" }
  choice server_mode default "lan" { "lan", "wan" }
  choice snat_type default "automap" { "automap", "none", "snatpool" }
  choice vlan_mode default "all" { "all", "enabled", "disabled" }
  multichoice client_vlan
  table snatpool_members { string addr validator "IpAddress" }
}
section pool {
  string addr required validator "IpAddress"
  string mask validator "IpAddress"
  string port default "80" validator "PortNumber"
  string port_secure default "443" validator "PortNumber"
  choice redirect_to_https default "yes" { "yes", "no" }
  string redirect_port default "80" validator "PortNumber"
  table hosts { string name validator "FQDN" }
  string pool_to_use default "/#create_new#"
  string lb_method default "least-connections-member"
  string http default "/#create_new#"
  string persist default "/#cookie#"
  table members {
    string addr required validator "IpAddress"
    string port default "80" validator "PortNumber"
    string connection_limit default "0" validator "NonNegativeNumber"
  }
}
section client {
  string http_compression default "/#do_not_use#"
  string standard_caching_without_wa default "/#do_not_use#"
  string tcp_wan_opt default "/#do_not_use#"
}
section server {
  string oneconnect default "/#do_not_use#"
  string ntlm default "/#do_not_use#"
  string tcp_lan_opt default "/#do_not_use#"
}
section irules { multichoice irules }
section monitor {
  string monitor default "/#create_new#"
  string frequency default "30" validator "NonNegativeNumber"
  string uri default "/"
  string response
}
`;
