// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.admin.web;

import java.util.List;
import java.util.stream.Collectors;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.audit.Audit;
import live.millrace.platform.shared.WellFormed;

/** Looks at private data that a list makes by itself. */
final class Looks {
    private static final int NAMED = 120;

    private Looks() {}

    /** A search by mail says whose an address is: whom it found is written down each time, and never what was typed. */
    static void mailSearch(Audit audit, AccountPrincipal staff, String text, List<ConsoleLists.UserRow> found) {
        if (staff.admin() && ConsoleLists.byMail(text)) {
            String names = found.stream().map(ConsoleLists.UserRow::username).collect(Collectors.joining(", "));
            audit.add(
                    staff.actor(),
                    "look.mail-search",
                    WellFormed.cut(names, NAMED),
                    found.size() == 1 ? found.getFirst().id() : null,
                    "",
                    Integer.toString(found.size()));
        }
    }
}
