package main

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"strings"
	"syscall"
)

// serveCommands carries out one command a line and answers each with one line of JSON. When standard input ends,
// so does the cluster: whoever started it is gone.
func serveCommands(ctx context.Context, plane *controlPlane, fail context.CancelCauseFunc) {
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		command := strings.TrimSpace(lines.Text())
		if err := obey(ctx, plane, command); err != nil {
			say(map[string]string{"state": "failed", "command": command, "error": err.Error()})
			continue
		}
		say(map[string]string{"state": "done", "command": command})
	}
	fail(errAsked)
}

func obey(ctx context.Context, plane *controlPlane, command string) error {
	verb, name, _ := strings.Cut(command, " ")
	component, known := plane.components[name]
	if !known {
		return fmt.Errorf("expected stop, kill or start, and one of the components, found %q", command)
	}
	switch verb {
	case "stop":
		return component.end(syscall.SIGTERM)
	case "kill":
		return component.end(syscall.SIGKILL)
	case "start":
		if err := component.start(); err != nil {
			return err
		}
		if name == apiserverName {
			return plane.waitFor(ctx, "/readyz")
		}
		return nil
	default:
		return fmt.Errorf("unknown command %q: expected stop, kill or start", verb)
	}
}
