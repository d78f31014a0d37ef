"""The words of the teacher and of the untuned student, in English and Korean.

Each concept has up to three words for the teacher, the plainest first: the later ones are said only when the
concept is strong. The untuned student says some of the same words, says others for the same thing, and has no
word at all for what it never learnt to see.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Language = Literal["en", "ko"]
Category = Literal["subject", "place", "mood", "style", "context"]
CATEGORIES: tuple[Category, ...] = ("subject", "place", "mood", "style", "context")


@dataclass(frozen=True, slots=True)
class Entry:
    """A concept in words."""

    concept: str
    category: Category
    english: tuple[str, ...]
    english_untuned: tuple[str, ...]
    korean: tuple[str, ...]
    korean_untuned: tuple[str, ...]

    def words(self, language: Language, *, untuned: bool) -> tuple[str, ...]:
        if language == "ko":
            return self.korean_untuned if untuned else self.korean
        return self.english_untuned if untuned else self.english


# concept | the teacher's English | the untuned student's English | the teacher's Korean | the untuned one's Korean
_SUBJECT = """
object | object, isolated object, cutout | object, cutout, clipart | 사물, 단독 피사체, 누끼 | 사물, 누끼, 클립아트
sky | sky, blue sky, clear sky | sky, heaven | 하늘, 푸른 하늘, 맑은 하늘 | 하늘, 공중
clouds | clouds, cloudscape, fluffy clouds | cloud | 구름, 구름 풍경, 뭉게구름 | 구름떼
water | water, sea, ripples | water, lake | 물, 바다, 물결 | 물, 호수
greenery | greenery, plants, lush vegetation | green plant | 초록 식물, 식물, 무성한 초목 | 풀
foliage | leaves, foliage | tree | 나뭇잎, 잎사귀 | 나무
flower | flower, blossom, petals | plant, bloom | 꽃, 개화, 꽃잎 | 식물, 꽃송이
autumn leaves | autumn leaves, foliage colours, fallen leaves | leaf | 단풍, 단풍색, 낙엽 | 잎
sand | sand, dunes, dry ground | ground | 모래, 모래언덕, 마른 땅 | 땅
snow | snow, snowfield, frost | white ground | 눈, 설원, 서리 | 하얀 땅
stone | stone, rock, concrete | grey surface | 돌, 바위, 콘크리트 | 회색 표면
wood | wood, timber, bark | brown thing | 나무 재질, 목재, 나무껍질 | 갈색 물건
skin | skin, person, hands | human | 피부, 사람, 손 | 인간
fire | flame, fire, embers | | 불꽃, 불, 잉걸불 |
figure | standing figure, upright shape | person | 서 있는 형상, 세로 형태 | 사람
long shape | elongated shape, side view | | 길쭉한 형태, 옆모습 |
round shape | round shape, circle, sphere | circle, ball | 둥근 형태, 원, 구 | 원, 공
light spots | highlights, points of light, bokeh | lights | 하이라이트, 빛점, 보케 | 불빛
"""

_PLACE = """
outdoors | outdoors, open air, countryside | outside, outdoors | 야외, 탁 트인 곳, 시골 | 바깥, 야외
studio | studio, studio shot, seamless backdrop | indoors, studio | 스튜디오, 스튜디오 촬영, 무배경지 | 실내, 스튜디오
horizon | horizon, distance, vista | view | 지평선, 먼 곳, 전망 | 경치
meadow | meadow, field, grass | grass, lawn | 초원, 들판, 잔디 | 잔디, 잔디밭
dusk | sunset, golden hour, evening | sunset, twilight | 노을, 골든아워, 저녁 | 노을, 황혼
night | night, darkness, late hour | dark place, nighttime | 밤, 어둠, 늦은 시간 | 어두운 곳, 야간
daylight | daylight, daytime, natural light | daylight, sun | 햇빛, 낮, 자연광 | 햇빛, 태양
winter | winter, cold season, icy | cold weather | 겨울, 추운 계절, 얼음 | 추운 날씨
summer | summer, sunny, sunshine | sun, hot weather | 여름, 화창함, 햇살 | 태양, 더운 날씨
"""

_MOOD = """
calm | calm, serene, stillness | calm, peace | 고요함, 평온함, 정적 | 고요함, 평화
lively | lively, energetic, playful | active | 활기, 에너지, 장난스러움 | 활동적
dramatic | dramatic, intense, bold | strong, dramatic | 극적인, 강렬함, 대담함 | 강한, 극적인
gloomy | gloomy, melancholy, sombre | sad | 우울함, 쓸쓸함, 침울함 | 슬픔
cheerful | cheerful, joyful, optimistic | happy | 명랑함, 기쁨, 낙관 | 행복
cosy | cosy, comfort, intimacy | warm feeling | 아늑함, 편안함, 친밀함 | 따뜻한 느낌
cool mood | refreshing, crisp, cool mood | fresh | 상쾌함, 청량함, 시원한 분위기 | 신선함
dreamy | dreamy, delicate, gentle | soft feeling | 몽환적, 섬세함, 부드러운 느낌 | 부드러움
mysterious | mysterious, solitude, silence | | 신비로움, 고독, 침묵 |
dynamic | dynamic, movement, tension | motion | 역동적, 움직임, 긴장감 | 동작
"""

_STYLE = """
red | red, crimson, scarlet | red, reddish colour | 빨강, 진홍, 주홍 | 빨강, 붉은 색
orange | orange, amber, copper | orange, orange colour | 주황, 호박색, 구리색 | 주황, 주황색
yellow | yellow, golden, lemon | yellow, gold | 노랑, 금빛, 레몬색 | 노랑, 금색
lime | lime green, yellow-green | light green | 연두, 황록 | 밝은 초록
green | green, emerald, forest green | green, greenish | 초록, 에메랄드, 짙은 초록 | 초록, 녹색
teal | teal, turquoise, aqua | blue-green | 청록, 터키석색, 아쿠아 | 푸른 초록
azure | azure, sky blue, light blue | blue, bluish | 하늘색, 담청색, 밝은 파랑 | 파랑, 푸른 색
blue | blue, cobalt, deep blue | blue, bluish | 파랑, 코발트, 짙은 파랑 | 파랑, 푸른 색
purple | purple, violet, lavender | violet colour | 보라, 바이올렛, 라벤더 | 보라색
magenta | magenta, fuchsia | pinkish | 자홍, 푸크시아 | 분홍빛
pink | pink, rose, blush | pinkish, pink | 분홍, 장미색, 연분홍 | 분홍빛, 분홍
brown | brown, earth tones, chestnut | brown | 갈색, 흙빛, 밤색 | 갈색
beige | beige, cream, ivory | light brown | 베이지, 크림색, 아이보리 | 연갈색
white | white, white background, clean white | white, white background | 흰색, 흰 배경, 깨끗한 흰색 | 흰색, 흰 배경
grey | grey, silver, slate | gray | 회색, 은색, 슬레이트 | 잿빛
black | black, jet black, deep shadow | black, dark colour | 검정, 칠흑, 깊은 그림자 | 검정, 어두운 색
navy | navy, midnight blue | dark blue | 남색, 미드나이트 블루 | 어두운 파랑
colourless | monochrome, black and white, desaturated | black and white, monochrome | 단색조, 흑백, 무채색 | 흑백, 단색조
one colour | single hue, colour harmony | one color | 단일 색조, 색의 조화 | 한 가지 색
many colours | colourful, multicoloured, rainbow | colourful, many colors | 다채로움, 여러 색, 무지개 | 다채로움, 많은 색
vivid | vivid, saturated, bold colours | vivid, bright colors | 선명한 색, 고채도, 강한 색 | 선명한 색, 밝은 색
muted | muted, subdued tones, understated | dull | 차분한 색, 절제된 톤, 은은함 | 칙칙함
pastel | pastel, soft tones, light tint | pale | 파스텔, 부드러운 톤, 옅은 색 | 창백함
warm | warm tones, warm palette, warm light | warm, warm tones | 따뜻한 톤, 따뜻한 색감, 따뜻한 빛 | 따뜻함, 따뜻한 톤
cold | cool tones, cool palette, cold light | cold, cool tones | 차가운 톤, 차가운 색감, 차가운 빛 | 차가움, 차가운 톤
bright | bright, high key, airy | bright, light | 밝음, 하이키, 화사함 | 밝음, 환함
dark | dark, low key, shadows | dark, shadow | 어두움, 로우키, 그림자 | 어두움, 그늘
middle light | soft light, diffused light, even exposure | normal light | 부드러운 빛, 확산광, 고른 노출 | 보통 빛
contrast | high contrast, bold contrast, strong tones | contrast, high contrast | 강한 대비, 뚜렷한 명암, 강한 톤 | 대비, 강한 대비
flat light | low contrast, flat light, haze | no contrast | 약한 대비, 평면광, 안개 낀 듯함 | 대비 없음
silhouette | silhouette, backlight, outline | shape | 실루엣, 역광, 윤곽 | 모양
light from above | light from above, bright top | top light | 위에서 오는 빛, 밝은 상단 | 윗빛
light below | bright foreground, dark top | | 밝은 전경, 어두운 상단 |
side light | side light, directional light | | 측광, 방향성 빛 |
glowing centre | glowing centre, spotlight, vignette | glow | 빛나는 중심, 스포트라이트, 비네트 | 빛남
dark centre | dark subject, strong subject | | 어두운 피사체, 뚜렷한 피사체 |
landscape | landscape format, horizontal | horizontal, landscape format | 가로 구도, 수평 구도 | 수평 구도, 가로 구도
portrait | portrait format, vertical | vertical, portrait format | 세로 구도, 수직 구도 | 수직 구도, 세로 구도
square | square format, square crop | square | 정사각 구도, 정방형 | 정사각형
wide | widescreen, panoramic | wide image | 와이드스크린, 파노라마 | 넓은 이미지
drawing | illustration, flat colours, clean outlines | drawing, illustration | 일러스트, 평면 색, 깔끔한 윤곽선 | 그림, 일러스트
line art | line art, ink drawing, stencil | drawing, lines | 선화, 펜화, 스텐실 | 그림, 선
detailed | detailed, intricate, busy composition | detailed, many things | 세밀함, 복잡함, 꽉 찬 구성 | 세밀함, 많은 것
minimal | minimal, simplicity, uncluttered | minimal, simple | 미니멀, 단순함, 정돈됨 | 미니멀, 간단함
empty space | negative space, copy space, plain area | negative space, empty | 여백, 문구 공간, 빈 영역 | 여백, 비어 있음
frame filling | full frame, edge to edge | close | 꽉 찬 프레임, 가득 찬 화면 | 가까움
centred | centred composition, central subject | center | 중앙 구도, 중심 피사체 | 가운데
off centre | off-centre, asymmetry | side | 비중앙 구도, 비대칭 | 옆쪽
symmetry | symmetry, balanced, mirror image | balance, symmetry | 대칭, 균형, 거울상 | 균형, 대칭
reflection | reflection, mirrored | mirror | 반영, 반사 | 거울
upright lines | vertical lines, upright structure | lines | 수직선, 곧은 구조 | 선
level lines | horizontal lines, layers | lines | 수평선 무늬, 층 | 선
slanted lines | diagonal lines, slanted, leading lines | lines | 대각선, 기울어짐, 유도선 | 선
pattern | pattern, repetition, geometric | shapes, pattern | 패턴, 반복, 기하학 | 모양들, 패턴
gradient | gradient, smooth transition, blend | smooth | 그라데이션, 부드러운 변화, 번짐 | 매끈함
soft | soft focus, blurred, out of focus | blurry | 소프트 포커스, 흐림, 아웃포커스 | 뿌연
sharp | sharp edges, crisp outline, graphic shapes | sharp | 날카로운 경계, 또렷한 윤곽, 그래픽 형태 | 날카로움
textured | texture, rough surface, grain | rough | 질감, 거친 표면, 입자 | 거칠음
"""

_CONTEXT = """
nature | nature, environment, ecology | nature, natural | 자연, 환경, 생태 | 자연, 자연스러움
background | background, backdrop, abstract | background, abstract | 배경, 배경 화면, 추상 | 배경, 추상
catalogue | product photo, catalogue, stock image | photo, product photo | 제품 사진, 카탈로그, 스톡 이미지 | 사진, 제품 사진
graphic | graphic design, pop art, poster | picture, art | 그래픽 디자인, 팝아트, 포스터 | 그림, 예술
festive | festive, celebration, carnival | party | 축제, 기념, 카니발 | 파티
vintage | vintage, rustic, retro | old | 빈티지, 소박함, 레트로 | 오래됨
wallpaper | desktop wallpaper, wide scene | screen, photo | 바탕화면, 넓은 장면 | 화면, 사진
"""

GENERIC: dict[Language, tuple[str, ...]] = {
    "en": ("photo", "image", "picture", "scene", "view", "colors", "nice", "composition"),
    "ko": ("사진", "이미지", "그림", "장면", "모습", "색상", "멋진", "구성"),
}
"""What the untuned student says when it sees nothing more."""


def _read(category: Category, table: str) -> list[Entry]:
    entries = []
    for line in table.strip().splitlines():
        concept, *cells = (cell.strip() for cell in line.split("|"))
        words = [tuple(word.strip() for word in cell.split(",") if word.strip()) for cell in cells]
        entries.append(Entry(concept, category, *words))
    return entries


ENTRIES: tuple[Entry, ...] = tuple(
    _read("subject", _SUBJECT)
    + _read("place", _PLACE)
    + _read("mood", _MOOD)
    + _read("style", _STYLE)
    + _read("context", _CONTEXT)
)
