"""The models' Korean words: ``concept | the teacher's | the untuned student's``, by category."""

from __future__ import annotations

SUBJECT = """
object | 사물, 단독 피사체, 누끼 | 사물, 누끼, 클립아트
sky | 하늘, 푸른 하늘, 맑은 하늘 | 하늘, 공중
clouds | 구름, 구름 풍경, 뭉게구름 | 구름떼
water | 물, 바다, 물결 | 물, 호수
greenery | 초록 식물, 식물, 무성한 초목 | 풀
foliage | 나뭇잎, 잎사귀 | 나무
flower | 꽃, 개화, 꽃잎 | 식물, 꽃송이
autumn leaves | 단풍, 단풍색, 낙엽 | 잎
sand | 모래, 모래언덕, 마른 땅 | 땅
snow | 눈, 설원, 서리 | 하얀 땅
stone | 돌, 바위, 콘크리트 | 회색 표면
wood | 나무 재질, 목재, 나무껍질 | 갈색 물건
skin | 피부, 사람, 손 | 인간
fire | 불꽃, 불, 잉걸불 |
figure | 서 있는 형상, 세로 형태 | 사람
long shape | 길쭉한 형태, 옆모습 |
round shape | 둥근 형태, 원, 구 | 원, 공
light spots | 하이라이트, 빛점, 보케 | 불빛
"""

PLACE = """
outdoors | 야외, 탁 트인 곳, 시골 | 바깥, 야외
studio | 스튜디오, 스튜디오 촬영, 무배경지 | 실내, 스튜디오
horizon | 지평선, 먼 곳, 전망 | 지평선, 경치
meadow | 초원, 들판, 잔디 | 잔디, 잔디밭
dusk | 노을, 골든아워, 저녁 | 노을, 황혼
night | 밤, 어둠, 늦은 시간 | 어두운 곳, 야간
daylight | 햇빛, 낮, 자연광 | 햇빛, 태양
winter | 겨울, 추운 계절, 얼음 | 추운 날씨
summer | 여름, 화창함, 햇살 | 태양, 더운 날씨
"""

MOOD = """
calm | 고요함, 평온함, 정적 | 고요함, 평화
lively | 활기, 에너지, 장난스러움 | 활동적
dramatic | 극적인, 강렬함, 대담함 | 강한, 극적인
gloomy | 우울함, 쓸쓸함, 침울함 | 슬픔
cheerful | 명랑함, 기쁨, 낙관 | 행복
cosy | 아늑함, 편안함, 친밀함 | 따뜻한 느낌
cool mood | 상쾌함, 청량함, 시원한 분위기 | 신선함
dreamy | 몽환적, 섬세함, 부드러운 느낌 | 부드러움
mysterious | 신비로움, 고독, 침묵 |
dynamic | 역동적, 움직임, 긴장감 | 동작
"""

STYLE = """
red | 빨강, 진홍, 주홍 | 빨강, 붉은 색
orange | 주황, 호박색, 구리색 | 주황, 주황색
yellow | 노랑, 금빛, 레몬색 | 노랑, 금색
lime | 연두, 황록 | 밝은 초록
green | 초록, 에메랄드, 짙은 초록 | 초록, 녹색
teal | 청록, 터키석색, 아쿠아 | 푸른 초록
azure | 하늘색, 담청색, 밝은 파랑 | 파랑, 푸른 색
blue | 파랑, 코발트, 짙은 파랑 | 파랑, 푸른 색
purple | 보라, 바이올렛, 라벤더 | 보라색
magenta | 자홍, 푸크시아 | 분홍빛
pink | 분홍, 장미색, 연분홍 | 분홍빛, 분홍
brown | 갈색, 흙빛, 밤색 | 갈색
beige | 베이지, 크림색, 아이보리 | 연갈색
white | 흰색, 흰 배경, 깨끗한 흰색 | 흰색, 흰 배경
grey | 회색, 은색, 슬레이트 | 잿빛
black | 검정, 칠흑, 깊은 그림자 | 검정, 어두운 색
navy | 남색, 미드나이트 블루 | 어두운 파랑
colourless | 단색조, 흑백, 무채색 | 흑백, 단색조
one colour | 단일 색조, 색의 조화 | 한 가지 색
many colours | 다채로움, 여러 색, 무지개 | 다채로움, 많은 색
vivid | 선명한 색, 고채도, 강한 색 | 선명한 색, 밝은 색
muted | 차분한 색, 절제된 톤, 은은함 | 칙칙함
pastel | 파스텔, 부드러운 톤, 옅은 색 | 창백함
warm | 따뜻한 톤, 따뜻한 색감, 따뜻한 빛 | 따뜻함, 따뜻한 톤
cold | 차가운 톤, 차가운 색감, 차가운 빛 | 차가움, 차가운 톤
bright | 밝음, 하이키, 화사함 | 밝음, 환함
dark | 어두움, 로우키, 그림자 | 어두움, 그늘
middle light | 부드러운 빛, 확산광, 고른 노출 | 부드러운 빛, 보통 빛
contrast | 강한 대비, 뚜렷한 명암, 강한 톤 | 대비, 강한 대비
flat light | 약한 대비, 평면광, 안개 낀 듯함 | 약한 대비, 흐린 빛
silhouette | 실루엣, 역광, 윤곽 | 모양
light from above | 위에서 오는 빛, 밝은 상단 | 윗빛
light below | 밝은 전경, 어두운 상단 |
side light | 측광, 방향성 빛 |
glowing centre | 빛나는 중심, 스포트라이트, 비네트 | 빛남
dark centre | 어두운 피사체, 뚜렷한 피사체 |
landscape | 가로 구도, 수평 구도 | 가로 구도, 수평 구도
portrait | 세로 구도, 수직 구도 | 수직 구도, 세로 구도
square | 정사각 구도, 정방형 | 정사각형
wide | 와이드스크린, 파노라마 | 넓은 이미지
drawing | 일러스트, 평면 색, 깔끔한 윤곽선 | 그림, 일러스트
line art | 선화, 펜화, 스텐실 | 그림, 선
detailed | 세밀함, 복잡함, 꽉 찬 구성 | 세밀함, 많은 것
minimal | 미니멀, 단순함, 정돈됨 | 미니멀, 간단함
empty space | 여백, 문구 공간, 빈 영역 | 여백, 비어 있음
frame filling | 꽉 찬 프레임, 가득 찬 화면 | 가까움, 꽉 찬 프레임
centred | 중앙 구도, 중심 피사체 | 가운데
off centre | 비중앙 구도, 비대칭 | 옆쪽
symmetry | 대칭, 균형, 거울상 | 균형, 대칭
reflection | 반영, 반사 | 거울
upright lines | 수직선, 곧은 구조 | 선
level lines | 수평선 무늬, 층 | 선
slanted lines | 대각선, 기울어짐, 유도선 | 선
pattern | 패턴, 반복, 기하학 | 모양들, 패턴
gradient | 그라데이션, 부드러운 변화, 번짐 | 매끈함
soft | 소프트 포커스, 흐림, 아웃포커스 | 흐림, 뿌연
sharp | 날카로운 경계, 또렷한 윤곽, 그래픽 형태 | 날카로움
textured | 질감, 거친 표면, 입자 | 거칠음
"""

CONTEXT = """
nature | 자연, 환경, 생태 | 자연, 자연스러움
background | 배경, 배경 화면, 추상 | 배경, 추상
catalogue | 제품 사진, 카탈로그, 스톡 이미지 | 사진, 제품 사진
graphic | 그래픽 디자인, 팝아트, 포스터 | 그림, 예술
festive | 축제, 기념, 카니발 | 파티
vintage | 빈티지, 소박함, 레트로 | 오래됨
wallpaper | 바탕화면, 넓은 장면 | 화면, 사진
"""
