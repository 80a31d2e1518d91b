class CreateVisits < ActiveRecord::Migration[8.0]
  def change
    create_table :visits
  end
end
