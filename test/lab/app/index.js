// Collects every plugin, compiled in or prebuilt, and starts JupyterLab with them. Sets window.labReady when
// all plugins are active, and window.jupyterapp, through which the tests read models and run commands.

import { JupyterLab } from "@jupyterlab/application";
import { PageConfig } from "@jupyterlab/coreutils";
import { IServiceManager } from "@jupyterlab/services";
import { PluginRegistry } from "@lumino/coreutils";
import { mimeModules, pluginModules } from "lab-generated/modules.js";
import "lab-generated/style.js";

/** The plugins of a module: its default export, one or an array. */
function pluginsOf(module) {
  const exported = Object.hasOwn(module, "__esModule") || module.default ? module.default : module;
  return Array.isArray(exported) ? exported : [exported];
}

async function exposed({ name, container }, what) {
  try {
    return (await container.get(what))();
  } catch (error) {
    console.error(`${name} does not load ${what}:`, error);
    return undefined;
  }
}

/** @param {{ name: string, extension?: string, mimeExtension?: string, style?: string, container: object }[]} prebuilt */
export async function main(prebuilt) {
  const compiledIn = (modules) =>
    Promise.all(
      Object.entries(modules).map(async ([extension, load]) => ({ extension, module: await load() })),
    );
  const federated = async (kind) => {
    const found = prebuilt.filter((each) => each[kind]);
    const modules = await Promise.all(
      found.map(async (each) => ({ extension: each.name, module: await exposed(each, each[kind]) })),
    );
    return modules.filter(({ module }) => module !== undefined);
  };

  const [plugins, prebuiltPlugins, mimes, prebuiltMimes] = await Promise.all([
    compiledIn(pluginModules),
    federated("extension"),
    compiledIn(mimeModules),
    federated("mimeExtension"),
    federated("style"),
  ]);

  const disabled = { matches: [], patterns: PageConfig.Extension.disabled };
  const deferred = { matches: [], patterns: PageConfig.Extension.deferred };
  const availablePlugins = [];
  const enabledPlugins = [];
  for (const { extension, module } of [...plugins, ...prebuiltPlugins]) {
    for (const plugin of pluginsOf(module)) {
      const enabled = !PageConfig.Extension.isDisabled(plugin.id);
      availablePlugins.push({
        id: plugin.id,
        description: plugin.description ?? "",
        requires: plugin.requires ?? [],
        optional: plugin.optional ?? [],
        provides: plugin.provides ?? null,
        autoStart: plugin.autoStart,
        enabled,
        extension,
      });
      if (!enabled) {
        disabled.matches.push(plugin.id);
        continue;
      }
      if (PageConfig.Extension.isDeferred(plugin.id)) {
        deferred.matches.push(plugin.id);
        plugin.autoStart = "defer";
      }
      enabledPlugins.push(plugin);
    }
  }
  const mimeExtensions = [...mimes, ...prebuiltMimes]
    .flatMap(({ module }) => pluginsOf(module))
    .filter((plugin) => !PageConfig.Extension.isDisabled(plugin.id));

  const pluginRegistry = new PluginRegistry();
  pluginRegistry.registerPlugins(enabledPlugins);
  // The service manager is itself a plugin, and JupyterLab's constructor already needs it.
  const serviceManager = await pluginRegistry.resolveRequiredService(IServiceManager);
  const app = new JupyterLab({
    pluginRegistry,
    serviceManager,
    mimeExtensions,
    availablePlugins,
    disabled,
    deferred,
  });
  window.jupyterapp = app;

  await app.start({ ignorePlugins: [], bubblingKeydown: true });
  await app.restored;
  await app.allPluginsActivated;
  window.labReady = true;
}
