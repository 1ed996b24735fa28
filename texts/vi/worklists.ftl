# Danh sách công việc, bộ lọc đã lưu, xử lý nhiều hồ sơ, hàng đợi của lãnh đạo, ủy quyền. Không dùng đại từ.
