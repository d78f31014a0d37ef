"""The models' English words: ``concept | the teacher's | the untuned student's``, by category."""

from __future__ import annotations

SUBJECT = """
object | object, isolated object, cutout | object, cutout, clipart
sky | sky, blue sky, clear sky | sky, heaven
clouds | clouds, cloudscape, fluffy clouds | cloud
water | water, sea, ripples | water, lake
greenery | greenery, plants, lush vegetation | green plant
foliage | leaves, foliage | tree
flower | flower, blossom, petals | plant, bloom
autumn leaves | autumn leaves, foliage colours, fallen leaves | leaf
sand | sand, dunes, dry ground | ground
snow | snow, snowfield, frost | white ground
stone | stone, rock, concrete | grey surface
wood | wood, timber, bark | brown thing
skin | skin, person, hands | human
fire | flame, fire, embers |
figure | standing figure, upright shape | person
long shape | elongated shape, side view |
round shape | round shape, circle, sphere | circle, ball
light spots | highlights, points of light, bokeh | lights
"""

PLACE = """
outdoors | outdoors, open air, countryside | outside, outdoors
studio | studio, studio shot, seamless backdrop | indoors, studio
horizon | horizon, distance, vista | horizon, view
meadow | meadow, field, grass | grass, lawn
dusk | sunset, golden hour, evening | sunset, twilight
night | night, darkness, late hour | dark place, nighttime
daylight | daylight, daytime, natural light | daylight, sun
winter | winter, cold season, icy | cold weather
summer | summer, sunny, sunshine | sun, hot weather
"""

MOOD = """
calm | calm, serene, stillness | calm, peace
lively | lively, energetic, playful | active
dramatic | dramatic, intense, bold | strong, dramatic
gloomy | gloomy, melancholy, sombre | sad
cheerful | cheerful, joyful, optimistic | happy
cosy | cosy, comfort, intimacy | warm feeling
cool mood | refreshing, crisp, cool mood | fresh
dreamy | dreamy, delicate, gentle | soft feeling
mysterious | mysterious, solitude, silence |
dynamic | dynamic, movement, tension | motion
"""

STYLE = """
red | red, crimson, scarlet | red, reddish colour
orange | orange, amber, copper | orange, orange colour
yellow | yellow, golden, lemon | yellow, gold
lime | lime green, yellow-green | light green
green | green, emerald, forest green | green, greenish
teal | teal, turquoise, aqua | blue-green
azure | azure, sky blue, light blue | blue, bluish
blue | blue, cobalt, deep blue | blue, bluish
purple | purple, violet, lavender | violet colour
magenta | magenta, fuchsia | pinkish
pink | pink, rose, blush | pinkish, pink
brown | brown, earth tones, chestnut | brown
beige | beige, cream, ivory | light brown
white | white, white background, clean white | white, white background
grey | grey, silver, slate | gray
black | black, jet black, deep shadow | black, dark colour
navy | navy, midnight blue | dark blue
colourless | monochrome, black and white, desaturated | black and white, monochrome
one colour | single hue, colour harmony | one color
many colours | colourful, multicoloured, rainbow | colourful, many colors
vivid | vivid, saturated, bold colours | vivid, bright colors
muted | muted, subdued tones, understated | dull
pastel | pastel, soft tones, light tint | pale
warm | warm tones, warm palette, warm light | warm, warm tones
cold | cool tones, cool palette, cold light | cold, cool tones
bright | bright, high key, airy | bright, light
dark | dark, low key, shadows | dark, shadow
middle light | soft light, diffused light, even exposure | soft light, normal light
contrast | high contrast, bold contrast, strong tones | contrast, high contrast
flat light | low contrast, flat light, haze | low contrast, dull light
silhouette | silhouette, backlight, outline | shape
light from above | light from above, bright top | top light
light below | bright foreground, dark top |
side light | side light, directional light |
glowing centre | glowing centre, spotlight, vignette | glow
dark centre | dark subject, strong subject |
landscape | landscape format, horizontal | landscape format, horizontal
portrait | portrait format, vertical | vertical, portrait format
square | square format, square crop | square
wide | widescreen, panoramic | wide image
drawing | illustration, flat colours, clean outlines | drawing, illustration
line art | line art, ink drawing, stencil | drawing, lines
detailed | detailed, intricate, busy composition | detailed, many things
minimal | minimal, simplicity, uncluttered | minimal, simple
empty space | negative space, copy space, plain area | negative space, empty
frame filling | full frame, edge to edge | close, full frame
centred | centred composition, central subject | center
off centre | off-centre, asymmetry | side
symmetry | symmetry, balanced, mirror image | balance, symmetry
reflection | reflection, mirrored | mirror
upright lines | vertical lines, upright structure | lines
level lines | horizontal lines, layers | lines
slanted lines | diagonal lines, slanted, leading lines | lines
pattern | pattern, repetition, geometric | shapes, pattern
gradient | gradient, smooth transition, blend | smooth
soft | soft focus, blurred, out of focus | blurred, blurry
sharp | sharp edges, crisp outline, graphic shapes | sharp
textured | texture, rough surface, grain | rough
"""

CONTEXT = """
nature | nature, environment, ecology | nature, natural
background | background, backdrop, abstract | background, abstract
catalogue | product photo, catalogue, stock image | photo, product photo
graphic | graphic design, pop art, poster | picture, art
festive | festive, celebration, carnival | party
vintage | vintage, rustic, retro | old
wallpaper | desktop wallpaper, wide scene | screen, photo
"""
