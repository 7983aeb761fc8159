"""Requests that try to make the service reach out, and innocent ones that only look like it: data for several tests.

``TRAP`` stands for the host and port of a trap that listens on this machine (``127.0.0.1:…``), ``TRAP6`` for the same
on IPv6, ``PORT`` for its port. Nothing that these requests do may touch it.
"""

import socket
import threading
from collections import Counter
from contextlib import ExitStack
from typing import Self

T = "<http://TRAP/>"
SECONDS = 20
PREFIXES = f"PREFIX : {T} PREFIX p: <http://p/> PREFIX t: {T} "


class Trap:
    """Listens on the loopback of IPv4, and of IPv6 where there is one, and counts whoever comes."""

    def __init__(self) -> None:
        self._held = ExitStack()
        self._come = threading.Condition()
        self._callers: Counter[tuple[str, int]] = Counter()
        self.heard: list[bytes] = []
        self._listeners: list[tuple[socket.AddressFamily, tuple[str, int]]] = []
        self.port = self._listen(socket.AF_INET, "127.0.0.1", 0)
        if socket.has_ipv6:
            self._listen(socket.AF_INET6, "::1", self.port)

    def _listen(self, family: socket.AddressFamily, host: str, port: int) -> int:
        listener = self._held.enter_context(socket.create_server((host, port), family=family, backlog=128))
        self._listeners.append((family, listener.getsockname()[:2]))
        threading.Thread(target=self._accept, args=(listener,), daemon=True).start()
        return int(listener.getsockname()[1])

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                connection, caller = listener.accept()
            except OSError:
                return
            with self._come:
                self._callers[caller[:2]] += 1
                self._come.notify_all()
            threading.Thread(target=self._answer, args=(connection,), daemon=True).start()

    def _answer(self, connection: socket.socket) -> None:
        with connection:
            connection.settimeout(SECONDS)
            try:
                if heard := connection.recv(1000):
                    self.heard.append(heard)
                connection.sendall(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            except OSError:
                return

    def count(self) -> int:
        """How many have come so far. It calls itself, and waits until it has come: all before it have been seen."""
        for family, address in self._listeners:
            with socket.socket(family) as call:
                call.settimeout(SECONDS)
                call.bind((address[0], 0))
                own = call.getsockname()[:2]
                before = self._callers[own]
                call.connect(address)
                with self._come:
                    assert self._come.wait_for(lambda own=own, n=before: self._callers[own] > n, SECONDS)  # type: ignore[misc]
                    self._callers[own] -= 1
        return self._callers.total()

    def set(self, text: str) -> str:
        """The text with the trap's address in it."""
        return (
            text.replace("TRAP6", f"[::1]:{self.port}")
            .replace("TRAP", f"127.0.0.1:{self.port}")
            .replace("PORT", str(self.port))
        )

    def url(self, path: str = "") -> str:
        """An address of the trap."""
        return f"http://127.0.0.1:{self.port}/{path}"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._held.close()


# Queries that Oxigraph would answer by sending a request: a test sends each unguarded, to see that it is so.
REACHING = (
    f"SELECT * {{ SERVICE {T} {{}} }}",
    f"SELECT * {{ service silent {T} {{}} }}",
    f"SELECT * {{ {{}}SeRvIcE{T}{{}} }}",
    f"SELECT * {{ SERVICESILENT{T}{{}} }}",
    f"SELECT*{{SERVICE{T}{{}}}}",
    f"SELECT * {{ SERVICE\n#\n\t\r{T}#\r{{}} }}",
    f"SELECT * {{ SERVICE # <\n {T} {{}} }}",
    "SELECT * { SERVICE <\\u0068ttp://TRAP/> {} }",
    "SELECT * { SERVICE <http:\\u002F\\U0000002FTRAP/> {} }",
    "SELECT * { SERVICE <HTTP://TRAP/> {} }",
    "SELECT * { SERVICE <http://user:secret@TRAP/> {} }",
    "SELECT * { SERVICE <http://localhost:PORT/> {} }",
    "SELECT * { SERVICE <http://0:PORT/> {} }",
    "SELECT * { SERVICE <http://2130706433:PORT/> {} }",
    "SELECT * { SERVICE <http://0x7f000001:PORT/> {} }",
    "SELECT * { SERVICE <http://017700000001:PORT/> {} }",
    "SELECT * { SERVICE <http://127.1:PORT/> {} }",
    "SELECT * { SERVICE <https://TRAP/> {} }",
    "BASE <http://TRAP/> SELECT * { SERVICE <x> {} }",
    "BASE <http://TRAP/> SELECT * { SERVICE <> {} }",
    f"BASE {T}PREFIX : <x>SELECT * {{ SERVICE:y {{}} }}",
    f"VERSION '1.2' SELECT * {{ SERVICE {T} {{}} }}",
    f"SELECT * {{ ?s ?p 1SERVICE{T}{{}} }}",
    f"SELECT * {{ ?s ?p 1.SERVICE{T}{{}} }}",
    f"SELECT * {{ ?s ?p 1e5SERVICE{T}{{}} }}",
    f"SELECT * {{ ?s ?p trueSERVICE{T}{{}} }}",
    f"SELECT * {{ ?s ?p ?o.SERVICE{T}{{}} }}",
    f"SELECT * {{ ?s ?p [].SERVICE{T}{{}} }}",
    f"SELECT * {{ ?s ?p ()SERVICE{T}{{}} }}",
    f"SELECT * {{ ?s ?p 'x'@en SERVICE {T} {{}} }}",
    f"SELECT * {{ ?s ?p 'x'@en--ltr SERVICE {T} {{}} }}",
    f"SELECT * {{ ?s ?p ?o ~ _:r SERVICE {T} {{}} }}",
    f"SELECT * {{ ?s ?p ?o ~SERVICE{T}{{}} }}",
    f"SELECT * {{ ?s ?p ?o {{| ?q ?r |}} SERVICE {T} {{}} }}",
    f"SELECT * {{ ?s ^<http://a/>/<http://b/>? ?o SERVICE {T} {{}} }}",
    f"SELECT * {{ ?s (<http://a/>|!<http://b/>)* ?o . SERVICE {T} {{}} }}",
    f"{PREFIXES}SELECT * {{ SERVICE :x {{}} }}",
    f"{PREFIXES}SELECT * {{ SERVICE:x {{}} }}",
    f"{PREFIXES}SELECT * {{ SERVICESILENT:x {{}} }}",
    f"{PREFIXES}SELECT * {{ SERVICE SILENT:x {{}} }}",
    f"{PREFIXES}SELECT * {{ SERVICEt:x{{}} }}",
    f"{PREFIXES}SELECT * {{ SERVICESILENTt:x{{}} }}",
    f"{PREFIXES}SELECT * {{ ?s ?p 1SERVICE:x {{}} }}",
    f"{PREFIXES}SELECT * {{ ?s ?p ?o SERVICESILENTt:x {{}} }}",
    f"{PREFIXES}SELECT * {{ ?s ?p ?o SERVICE:x #\n{{}} }}",
    f"{PREFIXES}SELECT * {{ FILTER(?s<?o)SERVICE:x#>\n{{}} }}",
    f"{PREFIXES}PREFIX SERVICE: <http://a/> SELECT * {{ SERVICE:x {{}} }}",
    f"{PREFIXES}PREFIX SERVICEt: <http://a/> SELECT * {{ ?s ?p ?o SERVICEt:x {{}} }}",
    f"{PREFIXES}SELECT * {{ ?s ?p p:.SERVICE{T}{{}} }}",
    f"{PREFIXES}SELECT * {{ ?s ?p :.SERVICE{T}{{}} }}",
    f"{PREFIXES}SELECT * {{ ?s ?p p:a.b.SERVICE{T}{{}} }}",
    f"{PREFIXES}SELECT * {{ ?s ?p p:a..b.SERVICE:x{{}} }}",
    f"{PREFIXES}SELECT * {{ ?s ?p p:a\\.b.c.SERVICE{T}{{}} }}",
    f"{PREFIXES}SELECT * {{ ?s ?p p:a\\' . SERVICE {T} {{}} #'\n }}",
    f"SELECT * {{ FILTER(?a<?b#>'''\n) SERVICE {T} {{}} #'''\n }}",
    f"SELECT * {{ FILTER(EXISTS{{}}<?b#>'''\n) SERVICE {T} {{}} #'''\n }}",
    f"SELECT * {{ FILTER(?a<?b&&?c!='x>')  SERVICE {T} {{}} FILTER(?d='') }}",
    f"SELECT * {{ FILTER(?a<?b||?c>'x') SERVICE {T} {{}} }}",
    f"SELECT * {{ ?s <http://p/a\\u0027> ?o . SERVICE {T} {{}} #'\n }}",
    f"SELECT * {{ VALUES ?x {{ '''a'}} SERVICE {T} {{}} }}",
    f"SELECT * {{ VALUES ?x {{ '''a' }} SERVICE {T} {{}} # \\x '''\n }}",
    f"SELECT * {{ VALUES ?x {{ '''a' }} SERVICE {T} {{}} # \\uD800 '''\n }}",
    f"SELECT * {{ VALUES ?x {{ '''a' }} SERVICE {T} {{}} # \\U00110000 '''\n }}",
    f'SELECT * {{ VALUES ?x {{ """a" }} SERVICE {T} {{}} # \\uZZZZ """\n }}',
    f"SELECT * {{ <<?s?p'a>>'>> ?q ?r . SERVICE {T} {{}} #'\n }}",
    f"SELECT * {{ ?s ?p <<(?s?p'a)>>')>> . SERVICE {T} {{}} #'\n }}",
    f"SELECT * {{ {{ SELECT * {{ SERVICE {T} {{}} }} }} }}",
    f"SELECT * {{ {{}} UNION {{ SERVICE {T} {{}} }} }}",
    f"SELECT * {{ OPTIONAL {{ SERVICE {T} {{}} }} }}",
    f"SELECT * {{ {{ VALUES ?x {{ 1 }} }} MINUS {{ SERVICE {T} {{ VALUES ?x {{ 1 }} }} }} }}",
    f"SELECT * {{ LATERAL {{ SERVICE {T} {{}} }} }}",
    f"SELECT * {{ FILTER EXISTS {{ SERVICE {T} {{}} }} }}",
    f"SELECT * {{ FILTER NOT EXISTS {{ SERVICE {T} {{}} }} }}",
    f"SELECT * {{ BIND(EXISTS {{ SERVICE {T} {{}} }} AS ?x) }}",
    f"SELECT (EXISTS {{ SERVICE {T} {{}} }} AS ?x) {{}}",
    f"SELECT (COUNT(*) AS ?n) {{}} GROUP BY (EXISTS {{ SERVICE {T} {{}} }})",
    f"SELECT (COUNT(*) AS ?n) {{}} HAVING (EXISTS {{ SERVICE {T} {{}} }})",
    f"SELECT * {{}} ORDER BY (EXISTS {{ SERVICE {T} {{}} }})",
    f"SELECT * {{ SERVICE {T} {{ SERVICE {T} {{}} }} }}",
    f"SELECT * FROM <http://g/> {{ SERVICE {T} {{}} }}",
    f"ASK {{ SERVICE {T} {{}} }}",
    f"ASK {{ OPTIONAL {{ GRAPH ?g {{ SERVICE {T} {{}} }} }} }}",
    f"DESCRIBE ?x {{ SERVICE {T} {{}} }}",
    f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ SERVICE {T} {{ ?s ?p ?o }} }}",
)
# The same in updates.
REACHING_UPDATES = (
    f"LOAD {T}",
    f"load{T}",
    f"LOAD SILENT {T}",
    f"LOADSILENT{T}",
    f"LoAd#x\n{T}INTO#\nGRAPH<urn:g>",
    f"LOAD SILENT {T} INTO GRAPH <urn:g>",
    f"BASE {T}LOAD<x>",
    f"VERSION '1.2'LOAD{T}",
    "LOAD <\\u0068ttp://TRAP/>",
    "LOAD <http://localhost:PORT/x.ttl>",
    "LOAD <http://2130706433:PORT/>",
    "LOAD <https://TRAP/>",
    f"{PREFIXES}LOAD :x",
    f"{PREFIXES}LOAD:x",
    f"PREFIX : {T}LOAD:x",
    f"PREFIX : {T}LOADSILENT:x",
    f"PREFIX : {T}LOAD SILENT:x",
    f"PREFIX t: {T}LOADt:x",
    f"PREFIX LOAD: {T} LOAD LOAD:x",
    f"PREFIX : {T} PREFIX load: <http://a/>LOAD:x",
    f"CLEAR ALL;LOAD{T}",
    f"CLEAR ALL;#\nLOAD{T};",
    f"{PREFIXES}CREATE GRAPH p:;LOAD:x",
    f"INSERT DATA {{ <a:a> <a:b> 'x' }};LOAD{T}",
    f"INSERT {{}} WHERE {{ VALUES ?x {{ '''x' }} }} ; LOAD {T} # \\x ''' }} }}",
    f"DELETE {{ ?s ?p ?o }} WHERE {{ FILTER(?a<?b#>'\n) }} ; LOAD {T} #'",
    f"INSERT {{ ?s ?p ?o }} WHERE {{ SERVICE {T} {{ ?s ?p ?o }} }}",
    f"DELETE {{ ?s ?p ?o }} WHERE {{ SERVICE SILENT {T} {{ ?s ?p ?o }} }}",
    f"WITH <urn:g> DELETE {{}} INSERT {{}} USING <urn:h> WHERE {{ FILTER EXISTS {{ SERVICE {T} {{}} }} }}",
    f"{PREFIXES}CLEAR ALL ; INSERT {{}} WHERE {{ SERVICE:x {{}} }}",
    f"INSERT {{}} WHERE {{ {{ SELECT * {{ SERVICE {T} {{}} }} }} }}",
    f"INSERT {{}} WHERE {{ VALUES ?x {{ '''a' }} SERVICE {T} {{}} # \\x '''\n }}",
)
# What reaches nothing in this version of Oxigraph, as a test also sees; nor may it later, or elsewhere.
TRYING = (
    f"SELECT * {{ \\u0053ERVICE {T} {{}} }}",
    f"SELECT * {{ S\\U00000045RVICE {T} {{}} }}",
    f"SELECT * {{ ?s ?p '\\u0027 . SERVICE {T} {{}} #'\n }}",
    f"SELECT * {{ VALUES ?u {{ {T} }} SERVICE ?u {{}} }}",
    f"SELECT * {{ BIND({T} AS ?u) SERVICE ?u {{}} }}",
    f"SELECT * {{ {{ SELECT ({T} AS ?u) {{}} }} SERVICE SILENT ?u {{}} }}",
    "SELECT * { SERVICE <file:///etc/passwd> {} }",
    "SELECT * { SERVICE <ftp://TRAP/> {} }",
    "SELECT * { SERVICE <http://TRAP6/> {} }",
    "SELECT * { SERVICE <http://[::ffff:127.0.0.1]:PORT/> {} }",
    "SELECT * { SERVICE <http://localhost.:PORT/> {} }",
    "SELECT * { SERVICE <//TRAP/> {} }",
    f"PREFIX SERVICE: {T} SELECT * {{ SERVICE:x {{}} }}",
    f"SELECT * {{ SERVICE\u00a0{T} {{}} }}",
    f"SELECT * {{ SERVICE\x0b{T} {{}} }}",
    f"SELECT * {{ #\u2028 SERVICE {T} {{}} }}",
    f"SELECT * {{ SERVICE {T} }}",
    "SELECT * { SERVICE {} }",
    f"SELECT * {{ }} SERVICE {T} {{}}",
    f"CONSTRUCT WHERE {{ SERVICE {T} {{}} }}",
    f"SELECT * FROM {T} {{ ?s ?p ?o }}",
    f"SELECT * FROM NAMED {T} {{ GRAPH {T} {{ ?s ?p ?o }} }}",
    f"SELECT * {{ GRAPH {T} {{ ?s ?p ?o }} }}",
    f"DESCRIBE {T}",
    f"LOAD {T}",
    f"SELECT ({T}(1) AS ?x) {{}}",
    f"SELECT * {{ ?s ?p 'x'^^{T} }}",
    "SELECT * FROM <file:///etc/passwd> { ?s ?p ?o }",
)
TRYING_UPDATES = (
    f"\\u004COAD {T}",
    "LOAD <file:///etc/passwd>",
    "LOAD SILENT <file:///etc/passwd> INTO GRAPH <urn:g>",
    "LOAD <ftp://TRAP/>",
    "LOAD <http://TRAP6/>",
    "LOAD <//TRAP/>",
    f"LOAD {T} INTO {T}",
    f"CLEAR ALL LOAD {T}",
    f"CLEAR ALL;;LOAD {T}",
    f"PREFIX LOAD: {T} LOAD:x",
    f"DELETE WHERE {{ SERVICE {T} {{ ?s ?p ?o }} }}",
    f"WITH {T} INSERT {{ ?s ?p ?o }} USING {T} USING NAMED {T} WHERE {{ ?s ?p ?o }}",
    f"COPY SILENT {T} TO <urn:g>",
    f"ADD SILENT {T} TO DEFAULT",
    f"INSERT DATA {{ GRAPH {T} {{ {T} {T} {T} }} }}",
    f"CREATE SILENT GRAPH {T}",
)
# Other places of a request: path and query. Each is sent by GET.
PATHS = (
    "/queries/who-met-whom?person=<http://TRAP/>",
    "/queries/who-met-whom?person=person:lavrov>}}SERVICE<http://TRAP/>{{}}%23",
    "/queries/who-met-whom?person=http://TRAP/%3E%20%7D%20SERVICE%20%3Chttp://TRAP/%3E%20%7B%7D%20%23",
    "/queries/who-met-whom.csv?person=%22)%7D%20SERVICE%20%3Chttp://TRAP/%3E%20%7B%7D",
    "/queries/who-met-whom.json?person=')%20%7D%20SERVICE%20%3Chttp://TRAP/%3E%7B%7D%23",
    "/queries/meetings?since=2017-01-01'%20SERVICE%20<http://TRAP/>{}",
    "/queries/meetings?SERVICE=<http://TRAP/>",
    "/queries/http://TRAP/",
    "/queries/..%2f..%2f..%2fetc%2fpasswd",
    "/id/person/lavrov%3E%20%7D%20SERVICE%20%3Chttp://TRAP/%3E%20%7B%7D",
    "/id/http://TRAP/",
    "/id//TRAP/",
    "/id/person/..%2F..%2Fhttp://TRAP/",
    "//TRAP/",
    "/http://TRAP/",
    "/document/http://TRAP/",
    "/sparql?query=ASK%7B%3Fs%3Fp%3Fo%7D&default-graph-uri=http://TRAP/",
    "/sparql?query=ASK%7B%3Fs%3Fp%3Fo%7D&named-graph-uri=http://TRAP/",
    "/sparql?query=ASK%7B%3Fs%3Fp%3Fo%7D&default-graph-uri=file:///etc/passwd",
    "/sparql?query=ASK%7B%3Fs%3Fp%3Fo%7D&default-graph-uri=http://TRAP/%3E%7BSERVICE%3Chttp://TRAP/%3E%7B%7D%7D",
    "/sparql?query=SELECT*%7B%7D&service=http://TRAP/&endpoint=http://TRAP/",
    "/sparql?update=LOAD%20%3Chttp://TRAP/%3E",
    "/sparql?query=LOAD%20%3Chttp://TRAP/%3E",
    "/graphs?graph=http://TRAP/",
    "/graphs?graph=file:///etc/passwd",
    "/graphs/http://TRAP/",
    "/.well-known/void?uri=http://TRAP/",
)
# Headers that some frameworks follow.
HEADERS = (
    {"Host": "TRAP"},
    {"X-Forwarded-Host": "TRAP", "X-Forwarded-Proto": "http"},
    {"Referer": "http://TRAP/", "Origin": "http://TRAP"},
    {"Accept": "application/ld+json;profile=http://TRAP/"},
    {"Link": '<http://TRAP/>; rel="http://www.w3.org/ns/json-ld#context"'},
)
_TTL, _JSON, _XML = "text/turtle", "application/ld+json", "application/rdf+xml"
_RDF = 'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"'
# Graphs that refer to others: media type and text.
UPLOADS = (
    (_TTL, "@base <http://TRAP/> . @prefix : <http://TRAP/#> . <a> :b <c> ."),
    (_TTL, "PREFIX owl: <http://www.w3.org/2002/07/owl#> <http://TRAP/> owl:imports <http://TRAP/x> ."),
    (_TTL, "@import <http://TRAP/> ."),
    ("text/n3", "<http://TRAP/> <http://www.w3.org/2000/10/swap/log#semantics> ?x ."),
    ("application/trig", "<http://TRAP/> { <http://TRAP/> a <http://TRAP/> }"),
    (_JSON, '{"@context": "http://TRAP/", "@id": "http://a/", "http://b/": 1}'),
    (_JSON, '{"@context": ["http://TRAP/", {"p": "http://p/"}], "@id": "http://a/", "p": 1}'),
    (_JSON, '{"@context": {"@import": "http://TRAP/"}, "@id": "http://a/", "http://b/": 1}'),
    (_JSON, '{"@context": {"p": {"@id": "http://p/", "@context": "http://TRAP/"}}, "p": {"q": 1}}'),
    (_JSON, '{"@context": {"@vocab": "http://TRAP/", "@base": "http://TRAP/"}, "@id": "x", "y": 1}'),
    (_JSON, '{"@context": "file:///etc/passwd", "@id": "http://a/", "http://b/": 1}'),
    (_JSON, '[{"@id": "http://a/", "http://b/": {"@context": "//TRAP/c", "@value": "x"}}]'),
    (_JSON + '; profile="http://TRAP/"', '{"@id": "http://a/", "http://b/": 1}'),
    (_XML, f'<!DOCTYPE rdf:RDF SYSTEM "http://TRAP/x.dtd"><rdf:RDF {_RDF}/>'),
    (_XML, f'<!DOCTYPE rdf:RDF PUBLIC "-//X//Y" "http://TRAP/x.dtd"><rdf:RDF {_RDF}/>'),
    (
        _XML,
        f'<!DOCTYPE r [<!ENTITY e SYSTEM "http://TRAP/e">]><rdf:RDF {_RDF} xmlns:p="http://p/">'
        '<rdf:Description rdf:about="http://a/"><p:q>&e;</p:q></rdf:Description></rdf:RDF>',
    ),
    (
        _XML,
        f'<!DOCTYPE r [<!ENTITY e SYSTEM "file:///etc/passwd">]><rdf:RDF {_RDF} xmlns:p="http://p/">'
        '<rdf:Description rdf:about="http://a/"><p:q>&e;</p:q></rdf:Description></rdf:RDF>',
    ),
    (_XML, f'<!DOCTYPE r [<!ENTITY % p SYSTEM "http://TRAP/p"> %p;]><rdf:RDF {_RDF}/>'),
    (
        _XML,
        f'<!DOCTYPE r [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;">'
        f'<!ENTITY d "&c;&c;&c;&c;&c;&c;"><!ENTITY e "&d;&d;&d;&d;&d;&d;&d;&d;">]><rdf:RDF {_RDF} xmlns:p="http://p/">'
        '<rdf:Description rdf:about="http://a/"><p:q>&e;&e;&e;&e;&e;</p:q></rdf:Description></rdf:RDF>',
    ),
    (
        _XML,
        f'<rdf:RDF {_RDF} xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
        'xsi:schemaLocation="http://TRAP/ http://TRAP/x.xsd" xml:base="http://TRAP/"/>',
    ),
    (_XML, f'<?xml-stylesheet href="http://TRAP/x.xsl"?><rdf:RDF {_RDF}/>'),
    (_XML, f'<rdf:RDF {_RDF} xmlns:xi="http://www.w3.org/2001/XInclude"><xi:include href="http://TRAP/"/></rdf:RDF>'),
    ("application/n-triples", "<http://TRAP/> <http://TRAP/> <http://TRAP/> ."),
)
# What must not be refused: the words where they are no keywords.
INNOCENT = (
    "SELECT ?service { ?service ?p 'SERVICE <x> {}' }",
    "SELECT $SERVICE { $SERVICE ?load ?o }",
    "SELECT * { ?s <http://e/service> ?o } # SERVICE <x> {}",
    "#SERVICE <x> {}\rSELECT * {}",
    "SELECT * { ?s <http://e/SERVICE> ?o . # '''\n }",
    "PREFIX service: <http://e/> SELECT * { service:a service:b service:c GRAPH service:g { ?s ?p ?o } }",
    "PREFIX service: <http://e/> SELECT * { ?x a service:Endpoint { ?s ?p ?o } }",
    "PREFIX service: <http://e/> SELECT * { ?x ?p service:Endpoint { ?s ?p ?o } }",
    "PREFIX : <http://e/> PREFIX service: <http://e/> SELECT * { ?x a service:Endpoint { ?s ?p ?o } }",
    "PREFIX service: <http://e/> SELECT * { ?x ?p service:Endpoint . { ?s ?p ?o } }",
    "PREFIX service: <http://e/> SELECT * { ?x ?p service:Endpoint OPTIONAL { ?s ?p ?o } }",
    "PREFIX : <http://e/> PREFIX service: <http://e/> SELECT * { ?s ?p ?o GRAPH service:g { ?s ?p ?o } }",
    "PREFIX services: <http://e/> SELECT * { ?x a services:Endpoint FILTER EXISTS { ?s ?p ?o } }",
    "PREFIX e: <http://e/> SELECT * { e:service e:SERVICE (<http://a/service> <http://b/service#service>) }",
    "PREFIX e: <http://e/> SELECT * { e:a.service e:service.a e:SERVICE }",
    "PREFIX e: <http://e/> SELECT * { e:a\\.service e:%20service e:service-a }",
    "PREFIX load: <http://e/> SELECT * { load:a load:load load:x }",
    "SELECT * { VALUES (?a ?b) { (<http://a/> <http://b/service>) } }",
    "SELECT * { VALUES (?a ?b) { (<urn:a> <urn:service:b>) } }",
    "SELECT * { VALUES (?a ?b) { ('a' <mailto:service@example.org>) } }",
    "SELECT * { FILTER(?s IN (<http://a/service>, <http://b/service>)) }",
    "PREFIX service: <http://e/> SELECT * FROM service:x { ?s ?p ?o }",
    "PREFIX service: <http://e/> SELECT * FROM NAMED service:x { GRAPH service:x { ?s ?p ?o } }",
    "PREFIX service: <http://e/> DESCRIBE ?x service:x { ?x ?p ?o }",
    "SELECT * { ?s ?p '''a ' SERVICE '' x''', \"\"\"SERVICE \"\"\", 'x'@service }",
    'SELECT * { ?s ?p \'it\\\'s a SERVICE\', "a \\"SERVICE\\"" }',
    "SELECT * { ?s ?p 'caf\\u00e9 SERVICE <http://a/> {}' }",
    "SELECT * { ?s ?p '''a\\u0027 SERVICE \\\\''' }",
    "SELECT * { ?s ?p 'x'@service-load }",
    "SELECT * { ?s (<http://a/service>|<http://b/service>)/<http://c/service> ?o }",
    "SELECT * { ?s ^<http://a/service>+/!(<http://b/service>|^<http://c/service>) ?o }",
    'SELECT * { _:service ?p ?o FILTER(?o < 3 || ?o > 4 || STR(?o) = "service") }',
    "SELECT * { FILTER(?a<?b) ?s ?p 'service' }",
    "SELECT * { FILTER(?a<?b && ?c>?d) ?s ?p 'service' }",
    "SELECT * { FILTER(STRSTARTS(STR(?s), 'http://service')) ?s ?p ?o }",
    "SELECT * { FILTER(REGEX(?o, '^service|load$', 'i')) ?s ?p ?o }",
    "SELECT (COUNT(?service) AS ?services) { ?service ?p ?o } GROUP BY ?load HAVING (COUNT(?service) > 1)",
    "SELECT (GROUP_CONCAT(?o; SEPARATOR=' service ') AS ?x) { ?s ?p ?o }",
    "BASE <http://service/> SELECT * { ?s <load> <service> }",
    "SELECT * { ?s ?p <<( ?a ?b 'service' )>> }",
    "SELECT * { << ?s ?p 'service' ~ ?r >> ?q ?z }",
    "SELECT * { ?s ?p ?o {| ?service 'service' |} }",
    "PREFIX service: <http://e/> ASK { [] a service:x ; service:y [ service:z () ] }",
    "PREFIX service: <http://e/> CONSTRUCT { ?s service:p 'LOAD' } WHERE { ?s ?p ?o }",
    "SELECT * { ?s ?p ?o } ORDER BY ?service LIMIT 10",
    "SELECT * { BIND(IF(?o < 1, 'service', \"load\") AS ?service) }",
    "SELECT * { ?s ?p ?o } VALUES ?service { <http://service/> 'service' UNDEF }",
)
INNOCENT_UPDATES = (
    "INSERT DATA { <a:a> <a:b> 'LOAD <http://a/>' }",
    "INSERT DATA { <a:load> <a:service> 'x'@load, '''SERVICE <x> {}''' } # LOAD <x>",
    "PREFIX load: <http://e/> INSERT DATA { load:a load:b load:c }",
    "PREFIX load: <http://e/> INSERT DATA { GRAPH load:g { load:a load:b load:c } }",
    "PREFIX load: <http://e/> WITH load:g DELETE { ?load load:p ?o } USING load:g WHERE { ?load load:p ?o }",
    "PREFIX load: <http://e/> INSERT {} USING NAMED load:g WHERE { GRAPH load:g { ?s ?p ?o } }",
    "PREFIX load: <e:> COPY SILENT load:a TO load:b ; MOVE SILENT load:b TO load:c ; ADD SILENT load:c TO load:a",
    "PREFIX load: <http://e/> CREATE SILENT GRAPH load:g ; DROP SILENT GRAPH load:g",
    "PREFIX payload: <http://e/> INSERT DATA { payload:a payload:load 'payload' ; payload:b [] }",
    "PREFIX service: <http://e/> DELETE WHERE { service:a service:b ?service }",
    "PREFIX service: <http://e/> INSERT { ?s service:p ?o } WHERE { ?s service:q ?o GRAPH service:g { ?s ?p ?o } }",
    "#LOAD <x>\nCLEAR SILENT GRAPH <http://load/>",
    "BASE <http://load/> INSERT DATA { <load> <upload> <service> } ; DELETE DATA { <load> <upload> <service> }",
)
