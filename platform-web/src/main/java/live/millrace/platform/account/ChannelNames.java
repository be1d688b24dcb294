// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.account;

import java.util.Collection;
import java.util.Set;

/**
 * Names that channels bear, or bore a short while ago. User names and names of channels are one name space, and an account may have
 * channels of other names than its own. Thread-safe.
 */
public interface ChannelNames {
    /** Whether a channel has this name, in any capitals. */
    boolean taken(String name);

    /** Whether the name looks like that of a channel. */
    boolean confusable(String name);

    /** Those that channels have, of folded names. */
    Set<String> taken(Collection<String> names);

    /** Those that look like a channel's, of folded names. */
    Set<String> confusable(Collection<String> names);
}
