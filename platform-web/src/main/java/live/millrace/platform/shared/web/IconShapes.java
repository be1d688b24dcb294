// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.shared.web;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.springframework.core.io.ClassPathResource;
import org.springframework.stereotype.Component;

/**
 * What the icons look like, by name: the insides of the sprite's symbols. Pages hold the shapes of their icons, so that none
 * appears late; only scripts point into the sprite.
 */
@Component
class IconShapes {
    /** The sprite is written by the front end's own build, one symbol a line. */
    private static final Pattern SYMBOL = Pattern.compile("<symbol id=\"([a-z0-9-]+)\"[^>]*>(.*?)</symbol>");

    private final Map<String, String> shapes;

    IconShapes(AssetManifest assets) {
        Map<String, String> found = new HashMap<>();
        String sprite = assets.addresses().get("icons.svg");
        if (sprite != null) {
            try (InputStream in = new ClassPathResource("static" + sprite).getInputStream()) {
                Matcher symbol = SYMBOL.matcher(new String(in.readAllBytes(), StandardCharsets.UTF_8));
                while (symbol.find()) {
                    found.put(symbol.group(1), symbol.group(2));
                }
            } catch (IOException e) {
                throw new UncheckedIOException("the front end's icons were not built into this program", e);
            }
        }
        shapes = Map.copyOf(found);
    }

    Map<String, String> shapes() {
        return shapes;
    }
}
