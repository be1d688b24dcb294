// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.studio;

import java.util.List;
import live.millrace.platform.live.AttemptView;

/** The newest lines of a connection log, the newest first, with programs called as people call them. */
public record AttemptsEvent(String type, List<AttemptView> attempts) {
    public static AttemptsEvent of(List<AttemptView> attempts) {
        return new AttemptsEvent(
                "attempts", attempts.stream().map(AttemptsEvent::readable).toList());
    }

    private static AttemptView readable(AttemptView one) {
        return new AttemptView(
                one.at(),
                one.outcome(),
                one.cause(),
                one.keyName(),
                one.keyPrefix(),
                EncoderNames.of(one.encoder()),
                one.remote());
    }
}
