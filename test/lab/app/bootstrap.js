// What the page runs first. Prebuilt extensions are module-federation containers: each must be loaded and
// given the share scope before any shared package (lumino, services, @jupyter-widgets/base) is evaluated.
// The dynamic import at the end is that boundary.

const configData = JSON.parse(document.getElementById("jupyter-config-data").textContent);

__webpack_public_path__ = `${configData.fullStaticUrl}/`;

function loadScript(url) {
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = url;
    script.async = true;
    script.onload = resolve;
    script.onerror = () => reject(new Error(`Could not load ${url}`));
    document.head.append(script);
  });
}

async function loadExtension({ name, load }) {
  await loadScript(`${configData.fullLabextensionsUrl}/${name}/${load}`);
  const container = window._JUPYTERLAB?.[name];
  if (!container) throw new Error(`${load} did not define _JUPYTERLAB["${name}"]`);
  await container.init(__webpack_share_scopes__.default);
  return container;
}

async function start() {
  await __webpack_init_sharing__("default");
  const loaded = [];
  await Promise.all(
    (configData.federated_extensions ?? []).map(async (extension) => {
      try {
        loaded.push({ ...extension, container: await loadExtension(extension) });
      } catch (error) {
        console.error(`Extension ${extension.name} was left out:`, error);
      }
    }),
  );
  const { main } = await import("./index.js");
  await main(loaded);
}

start().catch((error) => console.error("JupyterLab did not start:", error));
