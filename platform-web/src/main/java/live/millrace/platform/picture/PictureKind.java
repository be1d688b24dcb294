// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.picture;

/** What a picture is for, which says how large it is kept. Sizes in pixels. */
public enum PictureKind {
    AVATAR(256, 256),
    BANNER(1600, 400),
    EMOTE(112, 112),
    CATEGORY(480, 640),
    SITE(256, 256);

    private final int width;
    private final int height;

    PictureKind(int width, int height) {
        this.width = width;
        this.height = height;
    }

    public int width() {
        return width;
    }

    public int height() {
        return height;
    }

    /** Whether what does not fit the shape is cut off; an emote or a logo is shrunk whole instead. */
    public boolean cropped() {
        return this != EMOTE && this != SITE;
    }
}
