// Security keys (WebAuthn): the forms with data-key-make and data-key-ask fill "credential" and send themselves.
const { gettext } = window;

const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (sign) => sign.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

function decoded(options) {
  const key = { ...options, challenge: bytes(options.challenge) };
  if (key.user) key.user = { ...key.user, id: bytes(key.user.id) };
  for (const list of ["excludeCredentials", "allowCredentials"]) {
    if (key[list]) key[list] = key[list].map((item) => ({ ...item, id: bytes(item.id) }));
  }
  return { publicKey: key };
}

function encoded(credential) {
  const { response } = credential;
  const answer = { clientDataJSON: text(response.clientDataJSON) };
  for (const name of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (response[name]) answer[name] = text(response[name]);
  }
  return JSON.stringify({
    id: credential.id,
    rawId: text(credential.rawId),
    type: credential.type,
    response: answer,
    clientExtensionResults: credential.getClientExtensionResults(),
  });
}

function start(form, options, act) {
  form.querySelector("button").addEventListener("click", async () => {
    const fault = document.querySelector("[data-key-fault]");
    fault.hidden = true;
    try {
      if (!navigator.credentials) throw new Error("insecure");
      form.elements.credential.value = encoded(await act(decoded(JSON.parse(options).publicKey)));
      form.submit();
    } catch {
      fault.textContent = gettext("The security key did not answer. It needs an https address and a browser that knows it.");
      fault.hidden = false;
    }
  });
}

for (const form of document.querySelectorAll("[data-key-make]")) {
  start(form, form.dataset.keyMake, (options) => navigator.credentials.create(options));
}
for (const form of document.querySelectorAll("[data-key-ask]")) {
  start(form, form.dataset.keyAsk, (options) => navigator.credentials.get(options));
}
