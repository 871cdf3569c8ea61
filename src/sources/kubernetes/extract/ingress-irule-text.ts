import type { IRuleSection } from '../../../ir/irule.ts';

/** Up to so many bytes of a body that does not say how long it is are held to be counted; what a device can bear (K). */
export const MOST_COUNTED = 1_048_576;

/** Ends within the loop whose body are the rules without a host. */
const REQUESTS = `when HTTP_REQUEST priority 700 {
  unset -nocomplain fairlead_deep fairlead_hsts fairlead_limit
  set fairlead_host [HTTP::host]
  set fairlead_path [HTTP::path]
  set fairlead_rewritten [info exists fairlead_saved]
  if { $fairlead_rewritten } {
    unset fairlead_saved
    set fairlead_host [HTTP::header value X-Fairlead-Host]
    set fairlead_path [HTTP::header value X-Fairlead-Path]
    HTTP::header remove X-Fairlead-Host
    HTTP::header remove X-Fairlead-Path
  }
  if { [info exists fairlead_labels] } {
    if { [llength [split [getfield $fairlead_host ":" 1] "."]] != $fairlead_labels } {
      set fairlead_deep 1
    }
    unset fairlead_labels
  }
  if { [info exists fairlead_deep] } {
    # A wildcard stands for one label: for a host with more, the rules without a host count.
    unset -nocomplain fairlead_answer fairlead_port fairlead_body
    if { $fairlead_rewritten } {
      HTTP::host $fairlead_host
      HTTP::path $fairlead_path
    }
    while { 1 } {`;

const ANSWERS = `      set fairlead_answer 404
      break
    }
  }
  if { [info exists fairlead_body] } {
    if { [HTTP::header exists Content-Length] } {
      if { [HTTP::header value Content-Length] > $fairlead_body } {
        set fairlead_answer 413
      }
    } elseif { [HTTP::header exists Transfer-Encoding] && ${MOST_COUNTED + 1} > $fairlead_body } {
      set fairlead_limit $fairlead_body
      HTTP::collect [expr { $fairlead_limit + 1 }]
    }
    unset fairlead_body
  }
  if { [info exists fairlead_answer] } {
    set fairlead_status $fairlead_answer
    unset fairlead_answer
    switch -- $fairlead_status {
      0 { reject }
      404 { catch { HTTP::respond 404 content "no rule for this host and path" Content-Type "text/plain" } }
      413 { catch { HTTP::respond 413 content "body too large" Content-Type "text/plain" Connection close } }
      503 { catch { HTTP::respond 503 content "no backend for this host and path" Content-Type "text/plain" } }
      default {
        set fairlead_location "https://[getfield $fairlead_host ":" 1]"
        if { $fairlead_port != 443 } {
          append fairlead_location ":$fairlead_port"
        }
        append fairlead_location [HTTP::uri]
        catch { HTTP::respond $fairlead_status Location $fairlead_location }
      }
    }
  }
  unset -nocomplain fairlead_port
}
when HTTP_REQUEST_DATA priority 700 {
  if { [info exists fairlead_limit] } {
    if { [HTTP::payload length] > $fairlead_limit } {
      catch { HTTP::respond 413 content "body too large" Content-Type "text/plain" Connection close }
    } else {
      HTTP::release
    }
    unset fairlead_limit
  }
}
when LB_FAILED priority 700 {
  if { [info exists fairlead_handled] } {
    unset fairlead_handled
    return
  }
  catch { HTTP::respond 503 content "no backend is available" Content-Type "text/plain" Connection close }
}
when HTTP_RESPONSE priority 700 {
  if { [info exists fairlead_deep] } {
    HTTP::header remove Strict-Transport-Security
    if { [info exists fairlead_hsts] } {
      HTTP::header insert Strict-Transport-Security $fairlead_hsts
    }
  }
}`;

/**
 * The iRule of a front but for what stands in place of the rules without a host, which goes between the two sections. It
 * does what policies ask for by variables, because a policy can neither count labels nor answer by itself:
 *
 * | variable | number |
 * |---|---|
 * | `fairlead_labels` | the rule is one of a wildcard: hosts have so many labels |
 * | `fairlead_answer` | the status to answer with; 0: the connection is reset |
 * | `fairlead_port` | the port of HTTPS, to which a status of 3xx leads |
 * | `fairlead_body` | the most bytes that a request's body may have |
 * | `fairlead_handled` | set by people: they have found another way for a connection that no pod took |
 * | `fairlead_saved` | host and path as they came stand in headers: the policy has rewritten them |
 *
 * No backslash and nothing that looks like a tag is in it: what a device makes of them differs (facts 3.6, 3.7). Policies run before iRules, and the last choice of a pool wins (K). The priority lets iRules that people name run first;
 * what they have answered stays. Variables live as long as the connection, so each is forgotten when it was read.
 */
export const FRONT_SECTIONS: readonly IRuleSection[] = [
  { name: '10 requests', text: REQUESTS },
  { name: '90 answers', text: ANSWERS },
];
