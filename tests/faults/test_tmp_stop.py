import time
from tests.faults.platform import Platform
def test_t(machine):
    t=time.monotonic(); web=machine.web(); print("\nstart",time.monotonic()-t)
    t=time.monotonic(); print(web.stop(), "idle stop", time.monotonic()-t)
    web=machine.web(); Platform(machine.port).text("o1","你好")
    t=time.monotonic(); print(web.stop(), "stop after close-conn message", time.monotonic()-t)
    web=machine.web()
    import http.client; c=http.client.HTTPConnection("127.0.0.1",machine.port); c.request("GET","/healthz"); c.getresponse().read()
    t=time.monotonic(); print(web.stop(), "stop with idle keepalive", time.monotonic()-t)
    t=time.monotonic(); w=machine.worker()
    from tests.faults.machine import until
    until(lambda: machine.redis.client.keys("dramatiq:*heartbeats*"),40,"",w); print("worker start",time.monotonic()-t)
    t=time.monotonic(); print(w.stop(), "worker stop", time.monotonic()-t)
