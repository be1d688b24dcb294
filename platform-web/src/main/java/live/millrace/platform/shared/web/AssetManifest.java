// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.shared.web;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.springframework.core.io.ClassPathResource;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The hashed names of the front end's files, from the manifest that its build writes: {@code site.js} to an address. */
@Component
class AssetManifest {
    private static final String BASE = "/assets/";

    private final Map<String, String> addresses = new HashMap<>();
    private final Map<String, List<String>> sharedStyles = new HashMap<>();

    AssetManifest(JsonMapper json) {
        try (InputStream in = new ClassPathResource("static/assets/manifest.json").getInputStream()) {
            JsonNode manifest = json.readTree(in);
            manifest.properties().forEach(entry -> {
                JsonNode chunk = entry.getValue();
                if (chunk.path("isEntry").asBoolean()) {
                    String name = chunk.path("name").asString();
                    addresses.put(name + ".js", BASE + chunk.path("file").asString());
                    chunk.path("css").forEach(css -> addresses.put(name + ".css", BASE + css.asString()));
                    List<String> shared = new ArrayList<>();
                    chunk.path("imports")
                            .forEach(imported -> manifest.path(imported.asString())
                                    .path("css")
                                    .forEach(css -> shared.add(BASE + css.asString())));
                    sharedStyles.put(name, List.copyOf(shared));
                } else if (!chunk.path("file").asString().endsWith(".js")) {
                    String source = chunk.path("src").asString();
                    addresses.put(
                            source.substring(source.lastIndexOf('/') + 1),
                            BASE + chunk.path("file").asString());
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException("the front end was not built into this program", e);
        }
    }

    Map<String, String> addresses() {
        return Map.copyOf(addresses);
    }

    Map<String, List<String>> sharedStyles() {
        return Map.copyOf(sharedStyles);
    }
}
