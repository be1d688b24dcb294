// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.channel;

import java.io.InputStream;
import java.util.Optional;
import live.millrace.platform.account.Accounts;
import live.millrace.platform.account.Role;
import live.millrace.platform.account.SiteVoice;
import live.millrace.platform.account.UsernameRules;
import live.millrace.platform.picture.BadPictureException;
import live.millrace.platform.picture.Palette;
import live.millrace.platform.picture.PictureKind;
import live.millrace.platform.picture.Pictures;
import live.millrace.platform.site.SiteSettings;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** What a channel is called and looks like, as its owner sends it. Thread-safe. */
@Component
public class ChannelFaces {
    private final Channels channels;
    private final Pictures pictures;
    private final Accounts accounts;
    private final SiteSettings settings;

    ChannelFaces(Channels channels, Pictures pictures, Accounts accounts, SiteSettings settings) {
        this.accounts = accounts;
        this.settings = settings;
        this.channels = channels;
        this.pictures = pictures;
    }

    /** The picture that an address means by a word. */
    public static Optional<PictureKind> kind(String word) {
        return switch (word) {
            case "avatar" -> Optional.of(PictureKind.AVATAR);
            case "banner" -> Optional.of(PictureKind.BANNER);
            default -> Optional.empty();
        };
    }

    /** Changes the display name; answers a message key when it cannot be that. */
    public Optional<String> rename(ChannelView channel, String typed) {
        String name = DisplayNames.normalize(typed);
        if (tooLong(name)) {
            return Optional.of("settings.name.length");
        }
        // Who are the site's people may say so; everybody keeps the name of their channel.
        boolean own = UsernameRules.fold(name).equals(channel.name());
        if (!own && voice(name) && !staff(channel)) {
            return Optional.of("settings.name.voice");
        }
        return channels.rename(channel.id(), name) ? Optional.empty() : Optional.of("settings.name.taken");
    }

    /** What stands against a display name, whoever of the plain people is to bear it. */
    public Optional<String> refusal(String typed) {
        String name = DisplayNames.normalize(typed);
        return tooLong(name)
                ? Optional.of("settings.name.length")
                : voice(name) ? Optional.of("settings.name.voice") : Optional.empty();
    }

    private static boolean tooLong(String name) {
        return DisplayNames.length(name) > DisplayNames.MAX_LENGTH;
    }

    private boolean voice(String name) {
        return SiteVoice.heardIn(name)
                || SiteVoice.named(name, settings.identity().name());
    }

    private boolean staff(ChannelView channel) {
        return accounts.find(channel.accountId())
                .filter(account -> account.role().atLeast(Role.MODERATOR))
                .isPresent();
    }

    /** @param upload borrowed; read to its end or to the limit */
    public void show(ChannelView channel, PictureKind kind, InputStream upload) throws BadPictureException {
        set(channel, kind, pictures.store(kind, channel.accountId(), upload));
    }

    public void remove(ChannelView channel, PictureKind kind) {
        set(channel, kind, null);
    }

    private void set(ChannelView channel, PictureKind kind, @Nullable String picture) {
        Optional<String> before = kind == PictureKind.AVATAR
                ? channels.setAvatar(channel.id(), picture, hue(picture))
                : channels.setBanner(channel.id(), picture);
        before.ifPresent(pictures::delete);
    }

    private @Nullable Integer hue(@Nullable String picture) {
        return Optional.ofNullable(picture)
                .flatMap(pictures::find)
                .flatMap(stored -> Palette.of(stored.bytes()))
                .map(Palette::first)
                .orElse(null);
    }
}
