"""JSON-RPC over WebSocket, as little as the tests need."""

import json

import websocket


class Refused(Exception):
    """The node's error."""

    def __init__(self, error):
        super().__init__(error)
        self.code, self.message, self.data = error["code"], error["message"], error.get("data")


class Node:
    """A connection; what is not the answer waited for is kept as a notification."""

    def __init__(self, url):
        self.socket = websocket.create_connection(url, timeout=60)
        self.requests = 0
        self.notifications = []

    def close(self):
        self.socket.close()

    def ask(self, method, params=None):
        """The result, or `Refused`."""
        self.requests += 1
        request = {"jsonrpc": "2.0", "id": self.requests, "method": method}
        self.socket.send(json.dumps(request if params is None else {**request, "params": params}))
        while True:
            message = json.loads(self.socket.recv())
            if "method" in message:
                self.notifications.append(message)
            elif "error" in message:
                raise Refused(message["error"])
            else:
                return message["result"]

    def next(self, method, subscription):
        """The next notification of a subscription, or `Refused` if it is the last and says why."""
        while True:
            for at, message in enumerate(self.notifications):
                if message["method"] == method and message["params"]["subscription"] == subscription:
                    params = self.notifications.pop(at)["params"]
                    if "error" in params:
                        raise Refused(params["error"])
                    return params["result"]
            self.notifications.append(json.loads(self.socket.recv()))
