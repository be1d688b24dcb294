// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.camera.internal.onvif;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * An element of an answer. Namespaces are not looked at: devices of different years say the same in different ones.
 *
 * @param name without its prefix
 * @param text what stands in it itself, without space around it
 */
record Element(String name, String text, Map<String, String> attributes, List<Element> children) {
    /** All that are called so, at any depth below it, in the order of the document. */
    Stream<Element> all(String wanted) {
        return children.stream()
                .flatMap(child -> Stream.concat(
                        child.name.equals(wanted) ? Stream.of(child) : Stream.empty(), child.all(wanted)));
    }

    /** What the first at the end of a path says; each step is at any depth below the one before. Empty where there is none. */
    String at(String... path) {
        Optional<Element> here = Optional.of(this);
        for (String step : path) {
            here = here.flatMap(element -> element.all(step).findFirst());
        }
        return here.map(Element::text).orElse("");
    }

    /** What the first of its own children of a name says; empty where there is none. */
    String child(String wanted) {
        return children.stream()
                .filter(each -> each.name.equals(wanted))
                .findFirst()
                .map(Element::text)
                .orElse("");
    }

    String attribute(String wanted) {
        return attributes.getOrDefault(wanted, "");
    }
}
