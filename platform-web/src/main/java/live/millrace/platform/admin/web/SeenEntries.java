// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.admin.web;

import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.audit.AuditEntry;
import live.millrace.platform.moderation.Cases;

/** Which rows of the log somebody may read: those about a case that does not exist to them do not either. For one request. */
final class SeenEntries {
    private static final Pattern CASE = Pattern.compile("#(\\d{1,18})\\b.*|\\S+ #(\\d{1,18})");

    private final Cases cases;
    private final AccountPrincipal staff;
    private final Map<Long, Boolean> seen = new HashMap<>();

    SeenEntries(Cases cases, AccountPrincipal staff) {
        this.cases = cases;
        this.staff = staff;
    }

    boolean seen(AuditEntry entry) {
        if (!entry.action().startsWith("case.") && !entry.action().equals("look.case")) {
            return true;
        }
        Matcher matcher = CASE.matcher(entry.subject());
        if (!matcher.matches()) {
            return true;
        }
        long id = Long.parseLong(matcher.group(1) == null ? matcher.group(2) : matcher.group(1));
        Boolean known = seen.get(id);
        if (known == null) {
            known = cases.exists(id, staff.accountId());
            seen.put(id, known);
        }
        return known;
    }
}
