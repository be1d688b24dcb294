// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.backup;

/** Hears how far something is that takes long. Called by the thread that does it; an exception breaks it off. */
@FunctionalInterface
public interface Progress {
    Progress NONE = (_, _) -> {};

    /**
     * @param done of 100, only growing
     * @param what is being done, a table or a file
     */
    void at(int done, String what);
}
