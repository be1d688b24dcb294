// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.chat.internal.room;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import live.millrace.platform.chat.Talker;

/** Who stands in a row of ours: {@code account_id}, or {@code guest_id} with {@code guest_name}. */
public final class TalkerRow {
    private TalkerRow() {}

    /** Empty of an account that is no more. */
    public static Optional<Talker> read(ResultSet row) throws SQLException {
        return Talker.of(
                row.getObject("account_id", Long.class),
                row.getObject("guest_id", Long.class),
                row.getString("guest_name"));
    }
}
