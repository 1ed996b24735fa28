# Sổ, báo cáo, biên lai, đối soát, bưu chính. Không dùng đại từ.
