"""Sounds that invented villages and invented people are put together from; nobody here is a real person."""

VILLAGES = {
    "Thái": (
        "Nà Noong Huổi Pá Co Phiêng Tong Bó Hin Lọng Pom Kéo Mé Xum Cáp Thẳm Púng Nong",
        "Hạ Luông Khoang Lạnh Tèn Sảng Mòn Khiêng Phường Cưởm Hịa Nưa Tở Sặng Bai Lót Hào Vảng Khàng Ỏ Mạt Đửa",
    ),
    "Mông": (
        "Háng Xà Lùng Pá Pu Chống Há Suối Lao Thẩm",
        "Đồng Lình Tra Phình Dà Nhia Khua Vạng Chua Mông Tủa Sua",
    ),
    "Kinh": ("Tân Yên An Đồng", "Sơn Phú Thịnh Hòa Thành Tâm"),
}
FAMILIES = {
    "Thái": "Lò Quàng Cầm Tòng Lường Hoàng Cà Hà Vì Lèo Bạc Điêu Lù Mè",
    "Kinh": "Nguyễn Trần Lê Phạm Vũ Đỗ Hoàng Bùi Đặng Ngô Đào Trịnh",
    "Mông": "Giàng Thào Vàng Sùng Mùa Hạng Tráng Lầu Sồng Vừ Phàng",
    "Xinh Mun": "Vì Lò Lường Cút Hoàng Vàng",
    "Khơ Mú": "Lò Quàng Moong Cút Lường Ốc",
    "Mường": "Bùi Đinh Quách Hà",
}
# By sex and people; those without a line of their own take the Thái one.
MIDDLES = {
    ("male", "Kinh"): "Văn Văn Đức Quang Xuân Hồng Minh Hữu",
    ("male", "Thái"): "Văn Văn Văn Văn Xuân Quang Minh",
    ("male", "Mông"): "A A A Trống Chứ",
    ("female", "Kinh"): "Thị Thị Thanh Thu Hồng Ngọc",
    ("female", "Thái"): "Thị Thị Thị Hồng",
    ("female", "Mông"): "Thị Thị Seo",
}
GIVEN = {
    (
        "male",
        "Kinh",
    ): "Thành Hùng Dũng Sơn Tuấn Cường Hải Bình Thắng Long Khánh Toàn Hòa Tiến Nghĩa Phong Kiên",
    (
        "male",
        "Thái",
    ): "Thành Hùng Dũng Sơn Bình Thắng Thương Inh Ín Phanh Xôm Pánh Ơn Ọi Tướng Chiến Lả Hặc Thoản Ngoan",
    ("male", "Mông"): "Páo Chống Sếnh Dếnh Lử Súa Tủa Của Nhìa Sinh Vảng Chía Giống Tồng Khua Dơ",
    ("female", "Kinh"): "Hương Lan Hoa Thủy Hằng Nga Yến Hạnh Loan Phượng Ánh",
    ("female", "Thái"): "Hương Lan Hoa Chung Inh Phòng Biên Hiên Thoa Ín Ơn",
    ("female", "Mông"): "Mỵ Dợ Sua Mái Pà Chía Dế Nhìa",
}
# People of one name in several communes, and one whose name is as long as a certificate can bear.
NAMESAKES = {
    "Lò Văn Thành": ("MS02-20", "MS06-08", "MS12-09", "MS20-04"),
    "Nguyễn Văn Hùng": ("MS01-04", "MS02-01", "MS07-02"),
    "Lò Thị Hương": ("MS03-11", "MS10-12"),
}
LONGEST_NAME = ("MS01-12", "Công Tằng Tôn Nữ Hoàng Phương Diễm Quỳnh Trân Châu Ngọc Bích")
# Typed on a device that takes letters and marks apart; they look the same and are not.
DECOMPOSED = {"MS02-03-BT", "MS05-02-BT", "MS09-07-BT", "MS14-01-BT", "MS22-02-PBT", "MS06-01", "MS18-03"}
