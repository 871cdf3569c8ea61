"""What the drivers in Python share: the device, and how they tell what they plan and what became of it."""

import json
import os
import sys
import traceback

HOST = os.environ['DEVICE_HOST']
PORT = int(os.environ['DEVICE_PORT'])
USER = os.environ['DEVICE_USER']
PASSWORD = os.environ['DEVICE_PASSWORD']
CA = os.environ['DEVICE_CA']
RELEASE = os.environ['DEVICE_RELEASE']
SCRATCH = os.environ['DEVICE_SCRATCH']


def words_of(error):
    """What an error says: for an answer of the device its status and message, without addresses that vary."""
    response = getattr(error, 'response', None)
    text = str(error)
    if response is not None and hasattr(response, 'status_code'):
        try:
            text = '{} {}'.format(response.status_code, response.json()['message'])
        except (ValueError, KeyError, TypeError):
            text = '{} {}'.format(response.status_code, response.text)
    return '{}: {}'.format(type(error).__name__, text).replace('{}:{}'.format(HOST, PORT), 'DEVICE')[:800]


def tell(line):
    """Prints one line of JSON, at once."""
    print(json.dumps(line), flush=True)


class Driver:
    """Tells of the operations of one client."""

    def __init__(self, client):
        self.client = client

    def plan(self, group, resource, operations):
        """What will be tried of a resource, before anything is."""
        tell({'client': self.client, 'group': group, 'resource': resource, 'operations': list(operations)})

    def told(self, resource, operation, outcome, reason=None):
        tell({'client': self.client, 'resource': resource, 'operation': operation, 'outcome': outcome, 'reason': reason})

    def attempt(self, resource, operation, action):
        """Runs an operation and tells of it: an assertion that does not hold is a failure, another error a refusal,
        which the run accepts only where it is listed. Gives what `action` gives, or None."""
        try:
            value = action()
        except AssertionError as error:
            if os.environ.get('DRIVER_TRACE'):
                traceback.print_exc()
            self.told(resource, operation, 'failed', 'assertion: ' + (str(error) or traceback.format_exc(limit=-1)))
        except Exception as error:  # pylint: disable=broad-except
            if os.environ.get('DRIVER_TRACE'):
                traceback.print_exc(file=sys.stderr)
            self.told(resource, operation, 'refused', words_of(error))
        else:
            self.told(resource, operation, 'passed')
            return value
        return None
