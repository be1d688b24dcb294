// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.shared;

import java.util.Locale;

/** What the site is called, for those who may know nothing else of it. Thread-safe; known while the database is away. */
public interface SiteName {
    String siteName();

    /** The language for whoever asks for none of the site's. */
    default Locale siteLanguage() {
        return Locale.ENGLISH;
    }
}
