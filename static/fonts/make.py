#!/usr/bin/python3
"""Makes the fonts of printed documents from Debian's fonts-noto-core (20201225-1). Needs python3-fonttools. Run in static/fonts."""
from fontTools import subset
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont

SOURCE = "/usr/share/fonts/truetype/noto/"
LATIN = [(0x20, 0x7E), (0xA0, 0x17F), (0x218, 0x21B), (0x300, 0x304), (0x307, 0x308), (0x30A, 0x30C), (0x1E00, 0x1EFF), (0x2010, 0x2015), (0x2018, 0x201E),
         (0x2020, 0x2022), (0x2026, 0x2026), (0x2030, 0x2030), (0x2032, 0x2033), (0x2039, 0x203A), (0x2044, 0x2044), (0x20A8, 0x20A8), (0x20AC, 0x20AC), (0x20B9, 0x20B9), (0x2116, 0x2116), (0x2122, 0x2122)]
HINDI = [(0x20, 0x20), (0x28, 0x2F), (0xA0, 0xA0), (0x900, 0x97F), (0x1CD0, 0x1CFF), (0x200C, 0x200D), (0x20B9, 0x20B9), (0x25CC, 0x25CC), (0xA830, 0xA839), (0xA8E0, 0xA8FF)]


def add_minus(font):
    """The font has no minus sign: a bar as wide, as thick and as high as the one of its plus."""
    glyf, name = font["glyf"], "minus"
    plus = glyf[font.getBestCmap()[ord("+")]]
    dash = glyf[font.getBestCmap()[ord("–")]]
    middle, half = (plus.yMin + plus.yMax) // 2, (dash.yMax - dash.yMin) // 2
    pen = TTGlyphPen(None)
    pen.moveTo((plus.xMin, middle - half))
    for point in ((plus.xMin, middle + half), (plus.xMax, middle + half), (plus.xMax, middle - half)):
        pen.lineTo(point)
    pen.closePath()
    font.setGlyphOrder(font.getGlyphOrder() + [name])
    glyf[name] = pen.glyph()
    font["hmtx"][name] = (font["hmtx"][font.getBestCmap()[ord("+")]][0], plus.xMin)
    for table in font["cmap"].tables:
        if table.isUnicode():
            table.cmap[0x2212] = name


def make(name, ranges, features):
    font = TTFont(SOURCE + name)
    options = subset.Options(hinting=False, layout_features=features, name_IDs=["*"], notdef_outline=True)
    cut = subset.Subsetter(options)
    cut.populate(unicodes=[code for first, last in ranges for code in range(first, last + 1)])
    cut.subset(font)
    if 0x2212 not in font.getBestCmap() and ord("+") in font.getBestCmap() and ranges is LATIN:
        add_minus(font)
    font.save(name)


for weight in ("Regular", "Bold"):
    make(f"NotoSans-{weight}.ttf", LATIN, ["kern", "mark", "mkmk", "ccmp", "locl"])
    make(f"NotoSansDevanagari-{weight}.ttf", HINDI, ["*"])
