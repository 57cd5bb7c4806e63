"""Published settings for nginx to serve: Mozilla autoconfig and Microsoft Autodiscover documents.

A setting is a line "PROTOCOL HOST PORT SECURITY", as in a scenario's `settings`.
"""

from __future__ import annotations

SOCKET = {"tls": "SSL", "starttls": "STARTTLS", "none": "plain"}
OUTLOOK = {"tls": ("on", "SSL"), "starttls": ("on", "TLS"), "none": ("off", "None")}


def autoconfig(domain: str, settings: list[str], username: str = "%EMAILADDRESS%") -> str:
    servers = []
    for line in settings:
        protocol, host, port, security = line.split()
        element = "outgoingServer" if protocol == "smtp" else "incomingServer"
        servers.append(f"""    <{element} type="{protocol}">
      <hostname>{host}</hostname>
      <port>{port}</port>
      <socketType>{SOCKET[security]}</socketType>
      <username>{username}</username>
      <authentication>password-cleartext</authentication>
    </{element}>""")
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<clientConfig version="1.1">
  <emailProvider id="{domain}">
    <domain>{domain}</domain>
    <displayName>{domain}</displayName>
{chr(10).join(servers)}
  </emailProvider>
</clientConfig>
"""


def autodiscover(email: str, settings: list[str]) -> str:
    protocols = []
    for line in settings:
        protocol, host, port, security = line.split()
        ssl, encryption = OUTLOOK[security]
        protocols.append(f"""      <Protocol>
        <Type>{protocol.upper()}</Type>
        <Server>{host}</Server>
        <Port>{port}</Port>
        <LoginName>{email}</LoginName>
        <SPA>off</SPA>
        <SSL>{ssl}</SSL>
        <Encryption>{encryption}</Encryption>
        <AuthRequired>on</AuthRequired>
      </Protocol>""")
    return f"""<?xml version="1.0" encoding="utf-8"?>
<Autodiscover xmlns="http://schemas.microsoft.com/exchange/autodiscover/responseschema/2006">
  <Response xmlns="http://schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006a">
    <Account>
      <AccountType>email</AccountType>
      <Action>settings</Action>
{chr(10).join(protocols)}
    </Account>
  </Response>
</Autodiscover>
"""


def site(options: dict, domain: str) -> dict[str, str]:
    """The files of an nginx entry: `site` as it stands, and what `autoconfig` and `autodiscover` ask for."""
    files = dict(options.get("site", {}))
    if "autoconfig" in options:
        text = autoconfig(domain, options["autoconfig"], options.get("username", "%EMAILADDRESS%"))
        files["mail/config-v1.1.xml"] = files[".well-known/autoconfig/mail/config-v1.1.xml"] = text
    if "autodiscover" in options:
        text = autodiscover(f"user@{domain}", options["autodiscover"])
        files["autodiscover/autodiscover.xml"] = files["Autodiscover/Autodiscover.xml"] = text
    return files or {"index.html": "<h1>It works!</h1>\n"}
