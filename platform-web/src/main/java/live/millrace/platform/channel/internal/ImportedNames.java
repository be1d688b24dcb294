// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.channel.internal;

import java.util.Optional;
import live.millrace.platform.account.DisplayedNames;
import live.millrace.platform.channel.ChannelFaces;
import live.millrace.platform.channel.Channels;
import org.springframework.stereotype.Component;

/** Names of accounts that are made for their owners: what they may choose themselves. */
@Component
class ImportedNames implements DisplayedNames {
    private final Channels channels;
    private final ChannelFaces faces;

    ImportedNames(Channels channels, ChannelFaces faces) {
        this.channels = channels;
        this.faces = faces;
    }

    @Override
    public Optional<String> refusal(String typed) {
        return faces.refusal(typed);
    }

    @Override
    public Optional<String> rename(long accountId, String typed) {
        return faces.rename(channels.ofAccount(accountId), typed);
    }
}
