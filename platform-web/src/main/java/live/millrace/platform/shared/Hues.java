// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.shared;

/**
 * Hues in {@value #STEPS} steps of 15 degrees, as the classes of {@code hues.css}: the content security policy forbids style
 * attributes. {@code core/hues.ts} computes the same for faces that scripts draw.
 */
public final class Hues {
    /** How many there are. */
    public static final int STEPS = 24;

    /** For templates, which call methods of things alone. */
    public static final Hues INSTANCE = new Hues();

    private Hues() {}

    /** The class of whoever is called so, the same on every page: the name's FNV-1a over its UTF-16 units. */
    public String of(String name) {
        int hash = 0x811c9dc5;
        for (int at = 0; at < name.length(); at++) {
            hash = (hash ^ name.charAt(at)) * 0x01000193;
        }
        return className(Integer.remainderUnsigned(hash, STEPS));
    }

    /** The class of a hue, 0 to {@value #STEPS} − 1. */
    public String className(int step) {
        return "hue-" + Math.floorMod(step, STEPS);
    }
}
