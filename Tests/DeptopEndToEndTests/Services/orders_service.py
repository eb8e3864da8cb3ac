"""A service with the unmodified OpenTelemetry SDK: a SQLAlchemy pool to PostgreSQL and an HTTP client.

It exports OTLP/HTTP once a second and keeps counts of its own, with code that shares nothing with the SDK. Each second
it prints one JSON line of them; it ends at SIGTERM, after a last export.

Arguments: the OTLP endpoint, the database's URL, the HTTP server's base URL.
"""

import json
import random
import signal
import sys
import threading
import time

import requests
import sqlalchemy
from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter
from opentelemetry.instrumentation.requests import RequestsInstrumentor
from opentelemetry.instrumentation.sqlalchemy import SQLAlchemyInstrumentor
from opentelemetry.metrics import set_meter_provider
from opentelemetry.sdk.metrics import Histogram, MeterProvider
from opentelemetry.sdk.metrics.export import PeriodicExportingMetricReader
from opentelemetry.sdk.metrics.view import ExponentialBucketHistogramAggregation
from opentelemetry.sdk.resources import Resource

signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
endpoint, database, web = sys.argv[1:4]
exporter = OTLPMetricExporter(
    endpoint=endpoint, preferred_aggregation={Histogram: ExponentialBucketHistogramAggregation()})
reader = PeriodicExportingMetricReader(exporter, export_interval_millis=1000)
resource = Resource.create({"service.name": "orders", "service.instance.id": "orders-1"})
provider = MeterProvider([reader], resource=resource)
set_meter_provider(provider)
RequestsInstrumentor().instrument(meter_provider=provider)
engine = sqlalchemy.create_engine(database, pool_size=5, max_overflow=0, pool_timeout=2)
SQLAlchemyInstrumentor().instrument(engine=engine, meter_provider=provider)

lock = threading.Lock()
counts = {"requests": 0, "errors": 0, "timeouts": 0, "used": 0}
durations = []
ended = threading.Event()


def call_web():
    """One request: most are answered after a random time, some with an error, some too late."""
    pick = random.random()
    path = "/error" if pick < 0.1 else "/late" if pick < 0.15 else f"/after/{random.lognormvariate(-3.2, 0.5):.4f}"
    began = time.perf_counter()
    kind = None
    try:
        answer = requests.get(web + path, timeout=0.6)
        kind = "error" if answer.status_code >= 500 else None
    except requests.exceptions.Timeout:
        kind = "timeout"
    took = time.perf_counter() - began
    with lock:
        counts["requests"] += 1
        durations.append(took)
        if kind:
            counts["errors"] += 1
        if kind == "timeout":
            counts["timeouts"] += 1


def keep_calling():
    while not ended.is_set():
        call_web()


def hold_connections():
    """Takes and gives back connections in steps of three seconds, so that a second has one answer."""
    held = []
    steps = [3, 5, 1, 4]
    while not ended.is_set():
        wanted = steps[int(time.time() / 3) % len(steps)]
        while len(held) > wanted:
            held.pop().close()
        while len(held) < wanted:
            connection = engine.connect()
            connection.execute(sqlalchemy.text("SELECT 1"))
            held.append(connection)
        with lock:
            counts["used"] = len(held)
        ended.wait(0.02)
    for connection in held:
        connection.close()


def tell():
    while not ended.wait(1.0):
        with lock:
            print(json.dumps({"at": time.time(), **counts, "idle": engine.pool.checkedin()}), flush=True)


workers = [threading.Thread(target=work, daemon=True) for work in [keep_calling] * 4 + [hold_connections, tell]]
for worker in workers:
    worker.start()
signal.sigwait({signal.SIGTERM})
ended.set()
for worker in workers:
    worker.join()
provider.shutdown()
print(json.dumps({"at": time.time(), **counts, "durations": sorted(durations)}), flush=True)
