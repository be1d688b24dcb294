// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.survival;

/**
 * One thing that an encoder, a network or an attacker does.
 *
 * @param area what it is about, for the table
 * @param remote it can be done to an engine of another process
 */
record SurvivalCase(String area, String name, Attack attack, boolean remote) {
    SurvivalCase(String area, String name, Attack attack) {
        this(area, name, attack, false);
    }

    /** Does it, asserts what has to come of it, and says that in a few words. */
    @FunctionalInterface
    interface Attack {
        String run(Scene scene) throws Exception;
    }
}
